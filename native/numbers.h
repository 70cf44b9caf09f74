/* Reading rows of numbers out of JSON text: plain C, no Python in sight. */
#ifndef PYNOMALY_NUMBERS_H
#define PYNOMALY_NUMBERS_H

#include <stdint.h>

/* What the cells of a column have been so far. */
enum { COLUMN_HAS_FRACTIONS = 0, COLUMN_IS_WHOLE = 1, COLUMN_IS_EMPTY = 2 };

/* Longer numbers, which neither people nor programs write, are not plain. */
#define LONGEST_NUMBER 120

/* Return the double nearest to a valid JSON number of at most LONGEST_NUMBER characters, infinite where there is none:
   for the few that exact 128-bit arithmetic does not settle. */
typedef double (*SlowNumber)(const char *text, int64_t length);

typedef struct {
    double *values;       /* row by row, NaN for null */
    int64_t capacity;     /* cells that fit */
    uint8_t *columns;     /* one of the above for each column */
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
