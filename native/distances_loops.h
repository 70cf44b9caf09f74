/* The loops of distances.h, written once; the including file says how wide its registers are.

   LANES doubles and FLOATS floats fill a register, QUAD is 4 or 1. Doubles, Bits, Floats and Quad are the types, plain
   numbers where there is one of them. AT_MOST and NOT_ABOVE turn comparisons into bits, MINUS_PRODUCT may round once
   or twice, LARGER and LESSER pick one of two numbers, ONLY_ABOVE keeps numbers where others exceed a bound and puts 0
   elsewhere. */
#include <math.h>
#include <string.h>

INLINE Doubles load_doubles(const double *from)
{
    Doubles values;
    memcpy(&values, from, sizeof values);
    return values;
}

INLINE Floats load_floats(const float *from)
{
    Floats values;
    memcpy(&values, from, sizeof values);
    return values;
}

INLINE Doubles squared_gap(double a, const double *b)
{
    Doubles gap = a - load_doubles(b);
    return gap * gap;
}

TARGET static uint64_t scan(const double *cells, const double *query, int32_t n_features, int n_groups, double limit,
                            double *squares)
{
    uint64_t mask = 0;
    for (int slot = 0; slot < n_groups * GROUP; slot += LANES) {
        const double *cell = cells + (size_t)(slot / GROUP) * GROUP * (size_t)n_features + slot % GROUP;
        const Doubles zero = {0};
        Doubles sums[4] = {zero, zero, zero, zero};
        int32_t column = 0;
        for (; column + 4 <= n_features; column += 4, cell += 4 * GROUP) {
            sums[0] += squared_gap(query[column], cell);
            sums[1] += squared_gap(query[column + 1], cell + GROUP);
            sums[2] += squared_gap(query[column + 2], cell + 2 * GROUP);
            sums[3] += squared_gap(query[column + 3], cell + 3 * GROUP);
        }
        if (column < n_features)
            sums[0] += squared_gap(query[column], cell);
        if (column + 1 < n_features)
            sums[1] += squared_gap(query[column + 1], cell + GROUP);
        if (column + 2 < n_features)
            sums[2] += squared_gap(query[column + 2], cell + 2 * GROUP);
        Doubles total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        memcpy(squares + slot, &total, sizeof total);
        mask |= (uint64_t)AT_MOST(total, limit) << slot;
    }
    return mask;
}

INLINE Quad load_quad(const double *from)
{
    Quad values;
    memcpy(&values, from, sizeof values);
    return values;
}

TARGET static double square_to_box(const double *low, const double *high, const double *query, int32_t n_padded)
{
    const Quad zero = {0};
    double totals[4];
    for (int part = 0; part < 4; part += QUAD) {
        Quad sum = zero;
        for (int32_t column = part; column < n_padded; column += 4) {
            Quad value = load_quad(query + column);
            Quad gap = LARGER(LARGER(load_quad(low + column) - value, value - load_quad(high + column)), zero);
            sum += gap * gap;
        }
        memcpy(totals + part, &sum, sizeof sum);
    }
    return (totals[0] + totals[1]) + (totals[2] + totals[3]);
}

TARGET static double square(const double *a, const double *b, int32_t n_features)
{
    double sums[4] = {0, 0, 0, 0};
    int32_t column = 0;
    for (; column + 4 <= n_features; column += 4)
        for (int k = 0; k < 4; k++)
            sums[k] += (a[column + k] - b[column + k]) * (a[column + k] - b[column + k]);
    for (int k = 0; column + k < n_features; k++)
        sums[k] += (a[column + k] - b[column + k]) * (a[column + k] - b[column + k]);
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

INLINE void filter_queries(const float *tile, const float *half_squares, const float *queries, const int n_queries,
                           int32_t n_features, const float *limits, uint32_t *masks)
{
    for (int query = 0; query < n_queries; query++)
        masks[query] = 0;
    for (int first = 0; first < TILE; first += 2 * FLOATS) {
        Floats low[QUERIES], high[QUERIES];
        for (int query = 0; query < n_queries; query++) {
            low[query] = load_floats(half_squares + first);
            high[query] = load_floats(half_squares + first + FLOATS);
        }
        const float *cell = tile + first, *value = queries;
        for (int32_t column = 0; column < n_features; column++, cell += TILE, value += n_queries) {
            Floats low_cells = load_floats(cell), high_cells = load_floats(cell + FLOATS);
            for (int query = 0; query < n_queries; query++) {
                low[query] = MINUS_PRODUCT(low[query], value[query], low_cells);
                high[query] = MINUS_PRODUCT(high[query], value[query], high_cells);
            }
        }
        for (int query = 0; query < n_queries; query++) {
            masks[query] |= (uint32_t)NOT_ABOVE(low[query], limits[query]) << first;
            masks[query] |= (uint32_t)NOT_ABOVE(high[query], limits[query]) << (first + FLOATS);
        }
    }
}

TARGET static void filter(const float *tile, const float *half_squares, const float *queries, int n_queries,
                          int32_t n_features, const float *limits, uint32_t *masks)
{
    if (n_queries == 1)
        filter_queries(tile, half_squares, queries, 1, n_features, limits, masks);
    else
        filter_queries(tile, half_squares, queries, QUERIES, n_features, limits, masks);
}

/* e^x for x <= 0. x is n ln 2 + t with n whole and |t| <= 0.35; ln 2 is taken in two parts, the first short enough that
   n times it is exact; the Taylor series to t^13 leaves 4e-18. Adding 1.5 * 2^52 rounds to a whole number. */
INLINE Doubles exponential(Doubles x)
{
    const double whole = 0x1.8p52;
    union {
        Doubles value;
        Bits bits;
    } shifted, power;
    shifted.value = x * 0x1.71547652b82fep0 + whole;
    Doubles n = shifted.value - whole;
    Doubles t = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
    Doubles square = t * t; /* even and odd terms apart, so that one sum need not wait for the other */
    Doubles even = square * (1.0 / 479001600.0) + 1.0 / 3628800.0;
    Doubles odd = square * (1.0 / 6227020800.0) + 1.0 / 39916800.0;
    even = even * square + 1.0 / 40320.0;
    odd = odd * square + 1.0 / 362880.0;
    even = even * square + 1.0 / 720.0;
    odd = odd * square + 1.0 / 5040.0;
    even = even * square + 1.0 / 24.0;
    odd = odd * square + 1.0 / 120.0;
    even = even * square + 0.5;
    odd = odd * square + 1.0 / 6.0;
    even = even * square + 1.0;
    odd = odd * square + 1.0;
    power.bits = (shifted.bits << 52) + ((uint64_t)1023 << 52);
    return ONLY_ABOVE((even + odd * t) * power.value, x, -707.0);
}

TARGET static double least(const double *values, int n_groups)
{
    Doubles found = load_doubles(values);
    for (int place = LANES; place < n_groups * GROUP; place += LANES)
        found = LESSER(found, load_doubles(values + place));
    double lanes[LANES], smallest;
    memcpy(lanes, &found, sizeof found);
    smallest = lanes[0];
    for (int lane = 1; lane < LANES; lane++)
        smallest = lanes[lane] < smallest ? lanes[lane] : smallest;
    return smallest;
}

TARGET static double sum_of_exponentials(const double *squares, int n_groups, double factor, double nearest)
{
    double sums[GROUP];
    for (int place = 0; place < GROUP; place += LANES) {
        Doubles sum = {0};
        for (int group = 0; group < n_groups; group++)
            sum += exponential((load_doubles(squares + group * GROUP + place) - nearest) * -factor);
        memcpy(sums + place, &sum, sizeof sum);
    }
    return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

const Distances LOOPS = {scan, square, square_to_box, filter, least, sum_of_exponentials};
