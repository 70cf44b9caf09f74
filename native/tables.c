/* Sums over columns of look-ups, block by block of rows and in each block column by column.

   Every function is written once and compiled twice on x86, the second time for AVX2: the operations on one row and
   their order are the same, so the bits are. */
#include "tables.h"

#include <float.h>
#include <math.h>
#include <string.h>

#if (defined(__x86_64__) || defined(__i386__)) && (defined(__GNUC__) || defined(__clang__))
#define HAS_WIDE_PATH 1
#define INLINE static inline __attribute__((always_inline))
#define WIDE __attribute__((target("avx2")))
#define IS_RARE(condition) __builtin_expect(condition, 0)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define HAS_WIDE_PATH 0
#define INLINE static inline
#define IS_RARE(condition) (condition)
#define PREFETCH(address) ((void)(address))
#endif

/* Rows of a block; their sums and one column's values stay in the first-level cache. */
#define BLOCK_ROWS 256

int has_wide_path(void)
{
#if HAS_WIDE_PATH
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") != 0;
#else
    return 0;
#endif
}

INLINE int are_finite(const double *values, int64_t n)
{
    int64_t n_bad = 0;
    for (int64_t i = 0; i < n; i++)
        n_bad += !(fabs(values[i]) <= DBL_MAX);
    return n_bad == 0;
}

/* One column of a block of rows, and the index cell of each value: it never falls as the value rises. Halves, because a
   difference may overflow; a product that does is in the last cell. */
INLINE void find_cells(const double *rows, int64_t stride, int64_t n, double half_centre, double scale, double *values,
                       int64_t *cells)
{
    for (int64_t i = 0; i < n; i++)
        values[i] = rows[i * stride];
    for (int64_t i = 0; i < n; i++) {
        double away = (values[i] * 0.5 - half_centre) * scale, stretched = fabs(away) + 1.0;
        uint64_t bits;
        memcpy(&bits, &stretched, sizeof bits);
        int64_t cell = (int64_t)(bits >> (52 - CELL_BITS)) - ((int64_t)1023 << CELL_BITS);
        cell = cell < HALF_CELLS ? cell : HALF_CELLS - 1;
        cells[i] = away < 0 ? HALF_CELLS - 1 - cell : HALF_CELLS + cell;
    }
}

/* How many knots are at or below a value: two steps without a branch, which would be a coin toss, are enough in nearly
   every cell. */
INLINE int64_t n_knots_below(double value, const uint16_t *first, const double *knots)
{
    uint16_t ends[2];
    memcpy(ends, first, sizeof ends);
    int64_t low = ends[0], high = ends[1];
    if (high - low <= 2) {
        low += knots[low] <= value;
        low += knots[low] <= value;
        return low;
    }
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (knots[middle] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

INLINE void add_side(const double *lines, int width, int side, const double *values, const int64_t *entries, int64_t n,
                     double *sums, double *chosen_sums)
{
    for (int64_t i = 0; i < n; i++) {
        const double *line = lines + entries[i] * width, *said = line + 1 + 3 * side;
        double after = said[1] + said[2] * (values[i] * 0.5 - line[0] * 0.5);
        double surprise = after;
        if (IS_RARE(values[i] == line[0]))
            surprise = said[0];
        sums[i] += surprise;
        if (chosen_sums)
            chosen_sums[i] += surprise;
    }
}

INLINE void add_tails(const TailLines *t, int32_t column, const double *rows, int64_t n, int n_sides, double *sums)
{
    const uint16_t *first = t->first + (int64_t)column * (2 * HALF_CELLS + 1);
    const int width = 1 + 3 * n_sides;
    const double *knots = t->knots + t->start[column], *lines = t->lines + t->start[column] * width;
    double values[BLOCK_ROWS];
    int64_t cells[BLOCK_ROWS];
    int64_t entries[BLOCK_ROWS];
    find_cells(rows + column, t->n_features, n, t->half_centre[column], t->scale[column], values, cells);
    for (int64_t i = 0; i < n; i++) {
        entries[i] = n_knots_below(values[i], first + cells[i], knots);
        PREFETCH(lines + entries[i] * width);
    }
    const int chosen = n_sides == 2 && !t->takes_first[column];
    for (int side = 0; side < n_sides; side++)
        add_side(lines, width, side, values, entries, n, sums + side * BLOCK_ROWS,
                 n_sides == 2 && side == chosen ? sums + 2 * BLOCK_ROWS : NULL);
}

INLINE int tails_of_rows(const TailLines *lines, int n_sides, const double *rows, int64_t n_rows, double *scores)
{
    double sums[3 * BLOCK_ROWS];
    for (int64_t start = 0; start < n_rows; start += BLOCK_ROWS) {
        const int64_t n = n_rows - start < BLOCK_ROWS ? n_rows - start : BLOCK_ROWS;
        const double *block = rows + start * lines->n_features;
        if (!are_finite(block, n * lines->n_features))
            return 0;
        for (int side = 0; side < (n_sides == 2 ? 3 : 1); side++)
            memset(sums + side * BLOCK_ROWS, 0, (size_t)n * sizeof *sums);
        for (int32_t column = 0; column < lines->n_features; column++)
            add_tails(lines, column, block, n, n_sides, sums);
        for (int64_t i = 0; i < n; i++) {
            double largest = sums[i];
            for (int side = 1; side < (n_sides == 2 ? 3 : 1); side++)
                largest = sums[side * BLOCK_ROWS + i] > largest ? sums[side * BLOCK_ROWS + i] : largest;
            scores[start + i] = largest;
        }
    }
    return 1;
}

/* Add up a few columns of each row with weights, in their order. */
INLINE void project(const Histograms *h, int32_t table, const double *rows, int64_t n, double *along)
{
    const int32_t *columns = h->columns + (int64_t)table * h->n_components;
    const double *weights = h->weights + (int64_t)table * h->n_components;
    for (int64_t i = 0; i < n; i++)
        along[i] = weights[0] * rows[i * h->n_features + columns[0]];
    for (int32_t k = 1; k < h->n_components; k++)
        for (int64_t i = 0; i < n; i++)
            along[i] += weights[k] * rows[i * h->n_features + columns[k]];
}

/* Bins are found in halves: the spread of a column may exceed the largest float, half of it cannot. */
INLINE void add_heights(const Histograms *h, int32_t table, const double *along, int64_t n, double *sums)
{
    const double low = h->low[table], high = h->high[table], n_bins = h->n_bins[table];
    const double half_low = low * 0.5, half_range = high * 0.5 - low * 0.5;
    const double divisor = half_range > DBL_MIN ? half_range : DBL_MIN, last = n_bins - 0.5;
    const double *heights = h->heights + h->start[table] + 1;
    int32_t bins[BLOCK_ROWS];
    for (int64_t i = 0; i < n; i++) {
        double inside = along[i] > low ? along[i] : low;
        inside = inside < high ? inside : high;
        double bin = (inside * 0.5 - half_low) / divisor * n_bins;
        bin = bin < last ? bin : last;
        bin = along[i] < low ? -1.0 : bin;
        bins[i] = (int32_t)(along[i] > high ? n_bins : bin);
    }
    for (int64_t i = 0; i < n; i++)
        sums[i] += heights[bins[i]];
}

INLINE int heights_of_rows(const Histograms *h, const double *rows, int64_t n_rows, double *scores)
{
    double along[BLOCK_ROWS];
    memset(scores, 0, (size_t)n_rows * sizeof *scores);
    for (int64_t start = 0; start < n_rows; start += BLOCK_ROWS) {
        const int64_t n = n_rows - start < BLOCK_ROWS ? n_rows - start : BLOCK_ROWS;
        const double *block = rows + start * h->n_features;
        if (!are_finite(block, n * h->n_features))
            return 0;
        for (int32_t table = 0; table < h->n_tables; table++) {
            project(h, table, block, n, along);
            add_heights(h, table, along, n, scores + start);
        }
    }
    return 1;
}

#if HAS_WIDE_PATH
WIDE static int tails_wide(const TailLines *lines, const double *rows, int64_t n_rows, double *scores)
{
    return lines->n_sides == 1 ? tails_of_rows(lines, 1, rows, n_rows, scores)
                               : tails_of_rows(lines, 2, rows, n_rows, scores);
}

WIDE static int heights_wide(const Histograms *histograms, const double *rows, int64_t n_rows, double *scores)
{
    return heights_of_rows(histograms, rows, n_rows, scores);
}
#endif

int score_tails(int is_wide, const TailLines *lines, const double *rows, int64_t n_rows, double *scores)
{
#if HAS_WIDE_PATH
    if (is_wide)
        return tails_wide(lines, rows, n_rows, scores);
#endif
    (void)is_wide;
    return lines->n_sides == 1 ? tails_of_rows(lines, 1, rows, n_rows, scores)
                               : tails_of_rows(lines, 2, rows, n_rows, scores);
}

int score_histograms(int is_wide, const Histograms *histograms, const double *rows, int64_t n_rows, double *scores)
{
#if HAS_WIDE_PATH
    if (is_wide)
        return heights_wide(histograms, rows, n_rows, scores);
#endif
    (void)is_wide;
    return heights_of_rows(histograms, rows, n_rows, scores);
}
