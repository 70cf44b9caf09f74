/* Reading the cells of delimited text, column by column: plain C, no Python in sight. */
#ifndef PYNOMALY_CELLS_H
#define PYNOMALY_CELLS_H

#include "text_numbers.h"

/* Bits beside what a column of numbers is: some of its cells are missing, some of these with blanks around them. */
enum { COLUMN_HAS_GAPS = 4, COLUMN_HAS_BLANK_GAPS = 8, COLUMN_GAPS = COLUMN_HAS_GAPS | COLUMN_HAS_BLANK_GAPS };

typedef struct {
    const uint8_t *is_text; /* (n_columns,), whether a column is kept as the text it is */
    int64_t n_columns;
    char delimiter, point;
    const char *words; /* words that mean "missing", each with a line break after it */
    int64_t words_length;
    SlowNumber slow;
} CellPlan;

typedef struct {
    int64_t capacity; /* rows that fit */
    double *numbers;  /* (number columns, capacity), NaN where a cell is missing */
    uint8_t *columns; /* (number columns,), COLUMN_HAS_FRACTIONS or another of its kind, and bits of gaps */
    int32_t *ends;    /* (text columns, capacity + 1), where in its column's text each cell ends; the first is 0 */
    char *text;       /* (text columns, text_capacity) */
    int64_t text_capacity; /* at least the length of what is read */
} Cells;

/* Read whole lines of unquoted cells; blank lines are skipped.

   Returns the number of rows, or -1 where anything is not plainly that: a line of more or fewer cells, a quote, a
   carriage return alone, in a column of numbers anything but numbers as JSON writes them (with this plan's point, and
   blanks around them), whole ones up to 2^53, and words that mean "missing". */
int64_t read_cells(const char *text, int64_t length, const CellPlan *plan, Cells *cells);

int64_t count_lines(const char *text, int64_t length);

#endif
