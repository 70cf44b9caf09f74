/* Reading rows of numbers out of JSON text: plain C, no Python in sight. */
#ifndef PYNOMALY_NUMBERS_H
#define PYNOMALY_NUMBERS_H

#include "text_numbers.h"

typedef struct {
    double *values;       /* row by row, NaN for null */
    int64_t capacity;     /* cells that fit */
    uint8_t *columns;     /* COLUMN_HAS_FRACTIONS or another of its kind, for each column */
    int64_t most_columns; /* columns that fit */
    int64_t n_rows;
    int64_t n_columns;
    int64_t start, end; /* where in the text the rows stand, brackets included */
} NumberRows;

/* Read the value of the key "rows" of a JSON object, if it is an array of equally long arrays of numbers and nulls.

   Returns 0 where anything is not plainly that: other cells, whole numbers beyond 2^53, no double near enough, escapes
   in a key, a key "rows" twice. What stands before `start` and after `end` is skipped over, not checked. */
int read_number_rows(const char *text, int64_t length, SlowNumber slow, NumberRows *rows);

#endif
