/* Scores that are sums over columns of what a table says of each value: plain C, no Python in sight. */
#ifndef PYNOMALY_TABLES_H
#define PYNOMALY_TABLES_H

#include <stdint.h>

/* Cells of a column's index on either side of its centre: 1024 up to one scale away, then 1024 for each doubling. */
#define CELL_BITS 10
#define HALF_CELLS (6 << CELL_BITS)

/* Functions of one value that are lines between knots; one function (side) of each column, or two.

   A column with k knots has k + 1 entries; knots holds its knots and infinity. Entry e describes the values that have e
   knots at or below them; lines holds [last knot, then for each side: at that knot, just after it, slope per half
   distance]. `first` gives for each cell how many knots lie in lower cells, and after the last cell how many there are. */
typedef struct {
    int32_t n_features;
    int n_sides;
    const double *half_centre, *scale;
    const uint16_t *first;
    const int64_t *start; /* each column's first entry */
    const double *knots, *lines;
    const uint8_t *takes_first; /* two sides only: whether the column adds its first side to the third sum */
} TailLines;

/* Write the sum over columns (one side), or the largest of three sums: of the first sides, of the second, of the chosen
   ones. Returns 0 if a value in rows is not a finite number. */
int score_tails(int is_wide, const TailLines *lines, const double *rows, int64_t n_rows, double *scores);

/* Histograms of equal bins along directions; a direction is a weighted sum of a few columns.
   A table has n_bins + 2 heights: below low, the bins from low to high, above high. */
typedef struct {
    int32_t n_features, n_tables, n_components; /* columns in each direction */
    const int32_t *columns;
    const double *weights, *low, *high;
    const int32_t *n_bins;
    const int64_t *start; /* each table's first height */
    const double *heights;
} Histograms;

/* Write the sum over tables of the height of each row's bin. Returns 0 if a value in rows is not a finite number. */
int score_histograms(int is_wide, const Histograms *histograms, const double *rows, int64_t n_rows, double *scores);

/* Whether this processor runs the wider instructions of the same code. */
int has_wide_path(void);

#endif
