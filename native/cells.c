/* Cells of delimited text. */
#include "cells.h"

#include <string.h>

static inline int ends_cell(const char *at, const char *end, char delimiter)
{
    return at == end || *at == delimiter || *at == '\n' || *at == '\r';
}

static inline const char *end_of_cell(const char *at, const char *end, char delimiter)
{
    while (!ends_cell(at, end, delimiter))
        at++;
    return at;
}

static int is_missing(const char *word, int64_t length, const CellPlan *plan)
{
    if (!length)
        return 1;
    const char *end = plan->words + plan->words_length;
    for (const char *at = plan->words, *next; at < end; at = next + 1) {
        next = memchr(at, '\n', (size_t)(end - at));
        if (!next)
            return 0;
        if (next - at == length && memcmp(at, word, (size_t)length) == 0)
            return 1;
    }
    return 0;
}

static inline int is_blank(char character, char delimiter)
{
    return (character == ' ' || character == '\t') && character != delimiter;
}

/* A cell that is not a number from its first character to its last: one with blanks around it, or a missing one. */
static const char *read_other(const Text *text, const char *start, const CellPlan *plan, double *value, int *is_whole,
                              uint8_t *column)
{
    const char *first = start, *next = end_of_cell(start, text->end, plan->delimiter), *last = next;
    while (start < last && is_blank(*start, plan->delimiter))
        start++;
    while (start < last && is_blank(last[-1], plan->delimiter))
        last--;
    if (is_missing(start, last - start, plan)) {
        *value = NAN;
        *column |= COLUMN_HAS_GAPS | (start == first && last == next ? 0 : COLUMN_HAS_BLANK_GAPS);
        return next;
    }
    return read_number(text, start, value, is_whole) == last ? next : NULL;
}

static inline const char *read_number_cell(const Text *text, const char *at, const CellPlan *plan, double *value,
                                           uint8_t *column)
{
    int is_whole = 0;
    const char *start = at;
    at = read_number(text, start, value, &is_whole);
    if (!at || !ends_cell(at, text->end, plan->delimiter)) {
        at = read_other(text, start, plan, value, &is_whole, column);
        if (!at || isnan(*value))
            return at;
    }
    if (is_whole && *value == 0 && memchr(start, '-', (size_t)(at - start)))
        *value = -0.0; /* its sign counts where others have fractions */
    uint8_t gaps = *column & COLUMN_GAPS;
    if (!is_whole)
        *column = COLUMN_HAS_FRACTIONS | gaps;
    else if ((*column ^ gaps) == COLUMN_IS_EMPTY)
        *column = COLUMN_IS_WHOLE | gaps;
    return at;
}

static inline const char *read_text_cell(const Text *text, const char *at, const CellPlan *plan, char *kept,
                                         int32_t *ends)
{
    const char *next = end_of_cell(at, text->end, plan->delimiter);
    size_t length = (size_t)(next - at);
    if (memchr(at, '"', length))
        return NULL;
    memcpy(kept + ends[0], at, length);
    ends[1] = ends[0] + (int32_t)length;
    return next;
}

static const char *read_row(const Text *text, const char *at, const CellPlan *plan, Cells *cells, int64_t row)
{
    int64_t n_numbers = 0, n_texts = 0;
    for (int64_t column = 0; column < plan->n_columns; column++) {
        if (column) {
            if (!is_at(at, text->end, plan->delimiter))
                return NULL;
            at++;
        }
        if (plan->is_text[column]) {
            at = read_text_cell(text, at, plan, cells->text + n_texts * cells->text_capacity,
                                cells->ends + n_texts * (cells->capacity + 1) + row);
            n_texts++;
        } else {
            at = read_number_cell(text, at, plan, cells->numbers + n_numbers * cells->capacity + row,
                                  cells->columns + n_numbers);
            n_numbers++;
        }
        if (!at)
            return NULL;
    }
    return at;
}

/* Return the place after a line's end, NULL if it is none. */
static inline const char *end_line(const char *at, const char *end)
{
    if (at == end)
        return at;
    if (*at == '\r')
        at++;
    return is_at(at, end, '\n') ? at + 1 : NULL;
}

int64_t read_cells(const char *text, int64_t length, const CellPlan *plan, Cells *cells)
{
    const Text all = {text + length, plan->slow, plan->point};
    const char *at = text;
    int64_t row = 0, n_numbers = 0, n_texts = 0;
    for (int64_t column = 0; column < plan->n_columns; column++) {
        if (plan->is_text[column])
            cells->ends[n_texts++ * (cells->capacity + 1)] = 0;
        else
            cells->columns[n_numbers++] = COLUMN_IS_EMPTY;
    }
    while (at < all.end) {
        if (*at != '\n' && *at != '\r') {
            at = row < cells->capacity ? read_row(&all, at, plan, cells, row) : NULL;
            if (!at)
                return -1;
            row++;
        }
        at = end_line(at, all.end);
        if (!at)
            return -1;
    }
    return row;
}

int64_t count_lines(const char *text, int64_t length)
{
    int64_t n = 0;
    for (int64_t i = 0; i < length; i++)
        n += text[i] == '\n';
    return n;
}
