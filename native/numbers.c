/* Rows of numbers out of JSON text (RFC 8259). */
#include "numbers.h"

#include "text_numbers.h"

#include <string.h>

static inline const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

/* Step over one character and the blanks around it. */
static inline const char *step_over(const char *at, const char *end, char wanted)
{
    at = skip_blanks(at, end);
    return is_at(at, end, wanted) ? skip_blanks(at + 1, end) : NULL;
}

/* Read one cell, and note what it says about its column. */
static inline const char *read_cell(const Text *text, const char *at, double *value, uint8_t *column)
{
    if (is_at(at, text->end, 'n')) {
        *value = NAN;
        return text->end - at >= 4 && memcmp(at, "null", 4) == 0 ? at + 4 : NULL;
    }
    int is_whole = 0;
    at = read_number(text, at, value, &is_whole);
    if (!is_whole)
        *column = COLUMN_HAS_FRACTIONS;
    else if (*column == COLUMN_IS_EMPTY)
        *column = COLUMN_IS_WHOLE;
    return at;
}

static const char *read_row(const Text *text, const char *at, NumberRows *rows)
{
    int is_first = rows->n_rows == 0;
    int64_t n_before = rows->n_rows * rows->n_columns, n = 0;
    int64_t most = is_first ? rows->most_columns : rows->n_columns;
    if (most > rows->capacity - n_before)
        most = rows->capacity - n_before;
    const char *next = step_over(at, text->end, '[');
    while (next) {
        if (n == most)
            return NULL;
        if (is_first)
            rows->columns[n] = COLUMN_IS_EMPTY;
        at = read_cell(text, next, rows->values + n_before + n, rows->columns + n);
        if (!at)
            return NULL;
        n++;
        next = step_over(at, text->end, ',');
    }
    if (is_first)
        rows->n_columns = n;
    rows->n_rows++;
    return n && n == rows->n_columns ? step_over(at, text->end, ']') : NULL;
}

static const char *read_rows(const Text *text, const char *at, NumberRows *rows)
{
    rows->n_rows = rows->n_columns = 0;
    const char *next = step_over(at, text->end, '[');
    while (next) {
        at = read_row(text, next, rows);
        if (!at)
            return NULL;
        next = step_over(at, text->end, ',');
    }
    return rows->n_rows && is_at(at, text->end, ']') ? at + 1 : NULL;
}

/* Step over a string; *is_plain is whether nothing in it is escaped. */
static const char *skip_string(const char *at, const char *end, int *is_plain)
{
    *is_plain = 1;
    if (!is_at(at, end, '"'))
        return NULL;
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\') {
            *is_plain = 0;
            if (++at == end)
                return NULL;
        }
    return at < end ? at + 1 : NULL;
}

/* Step over any value by counting brackets. */
static const char *skip_value(const char *at, const char *end)
{
    int64_t depth = 0;
    int unused;
    while (at && at < end && (depth || (*at != ',' && *at != '}'))) {
        if (*at == '"') {
            at = skip_string(at, end, &unused);
            continue;
        }
        depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
        if (depth < 0)
            return NULL;
        at++;
    }
    return at;
}

int read_number_rows(const char *text, int64_t length, SlowNumber slow, NumberRows *rows)
{
    const char *end = text + length, *at = text;
    const Text all = {end, slow, '.'};
    int n_found = 0, is_plain;
    const char *next = step_over(at, end, '{');
    while (next) {
        const char *key = next;
        at = skip_string(key, end, &is_plain);
        int is_rows = at && at - key == 6 && memcmp(key, "\"rows\"", 6) == 0;
        if (!at || !is_plain || !(at = step_over(at, end, ':')))
            return 0;
        if (is_rows) {
            rows->start = at - text;
            at = n_found++ ? NULL : read_rows(&all, at, rows);
        } else {
            at = skip_value(at, end);
        }
        if (!at)
            return 0;
        if (is_rows)
            rows->end = at - text;
        next = step_over(at, end, ',');
    }
    return n_found == 1 && step_over(at, end, '}') == end;
}
