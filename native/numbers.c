/* Rows of numbers out of JSON text (RFC 8259), every double correctly rounded. */
#include "numbers.h"

#include "nearest_double.h"

#include <math.h>
#include <string.h>

/* Digits that always fit 64 bits. */
#define MOST_DIGITS 19

/* The text read; every function below takes the place it starts at and returns the place after what it read, NULL where
   that is not there. Places are values, not members: then the compiler keeps them in registers. */
typedef struct {
    const char *end;
    SlowNumber slow;
} Text;

static inline const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

static inline int is_at(const char *at, const char *end, char wanted)
{
    return at < end && *at == wanted;
}

/* Step over one character and the blanks around it. */
static inline const char *step_over(const char *at, const char *end, char wanted)
{
    at = skip_blanks(at, end);
    return is_at(at, end, wanted) ? skip_blanks(at + 1, end) : NULL;
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Append up to eight digits to *number; returns how many there were. Random numbers are hard to predict, so that one
   branch for all eight saves more than the arithmetic costs. `at` has eight characters.

   After Lemire (2021), "Number parsing at a gigabyte per second", Software: Practice and Experience 51, section 6. */
static inline int append_digits(const char *at, uint64_t *number)
{
    static const uint64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    uint64_t eight;
    memcpy(&eight, at, sizeof eight);
    eight ^= 0x3030303030303030u;
    uint64_t others = (eight | (eight + 0x7676767676767676u)) & 0x8080808080808080u; /* exact up to the first */
    int n = others ? __builtin_ctzll(others) >> 3 : 8;
    if (!n)
        return 0;
    eight <<= 8 * (8 - n); /* the first character is the lowest byte: zeros come in before the digits */
    eight = eight * 10 + (eight >> 8);
    eight = ((eight & 0x000000FF000000FFu) * 0x000F424000000064u
             + ((eight >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u) >> 32;
    *number = *number * tens[n] + eight;
    return n;
}
#else
static inline int append_digits(const char *at, uint64_t *number)
{
    int n = 0;
    for (; n < 8 && at[n] >= '0' && at[n] <= '9'; n++)
        *number = *number * 10 + (uint64_t)(at[n] - '0');
    return n;
}
#endif

/* Append digits to *number, modulo 2^64. */
static inline const char *read_digits(const char *at, const char *end, uint64_t *number)
{
    while (end - at >= 8) {
        int n = append_digits(at, number);
        at += n;
        if (n < 8)
            return at;
    }
    while (at < end && *at >= '0' && *at <= '9')
        *number = *number * 10 + (uint64_t)(*at++ - '0');
    return at;
}

/* Read "e-7" into *exponent, if it is there. */
static const char *read_exponent(const char *at, const char *end, int64_t *exponent)
{
    if (!is_at(at, end, 'e') && !is_at(at, end, 'E'))
        return at;
    at++;
    int is_negative = is_at(at, end, '-');
    at += is_negative || is_at(at, end, '+');
    uint64_t digits = 0;
    const char *start = at;
    at = read_digits(at, end, &digits);
    if (at == start || at - start > MOST_DIGITS || digits > 1000000)
        return NULL;
    *exponent += is_negative ? -(int64_t)digits : (int64_t)digits;
    return at;
}

static int64_t count_leading_zeros(const char *text)
{
    int64_t n = 0;
    for (; *text == '0' || *text == '.'; text++)
        n += *text == '0';
    return n;
}

/* Read one number. */
static inline const char *read_number(const Text *text, const char *at, double *value, int *is_whole)
{
    const char *end = text->end;
    int is_negative = is_at(at, end, '-');
    const char *start = at + is_negative;
    uint64_t digits = 0;
    int64_t exponent = 0;
    for (at = start; at < end && *at >= '0' && *at <= '9'; at++) /* one by one: before the point they are few */
        digits = digits * 10 + (uint64_t)(*at - '0');
    int64_t n_digits = at - start;
    if (n_digits < 1 || (n_digits > 1 && *start == '0'))
        return NULL;
    *is_whole = !is_at(at, end, '.');
    if (!*is_whole) {
        const char *fraction = at + 1;
        at = read_digits(fraction, end, &digits);
        exponent = fraction - at;
        n_digits -= exponent;
        if (!exponent)
            return NULL;
    }
    const char *after_digits = at;
    at = read_exponent(at, end, &exponent);
    if (!at || at - start > LONGEST_NUMBER)
        return NULL;
    *is_whole &= at == after_digits;
    int has_room = n_digits <= MOST_DIGITS || (digits && n_digits - count_leading_zeros(start) <= MOST_DIGITS);
    if (*is_whole) {
        *value = is_negative && digits ? -(double)digits : (double)digits;
        return has_room && digits <= EXACT_IN_DOUBLE ? at : NULL;
    }
    double number = has_room ? nearest_double(digits, exponent) : NAN;
    if (isnan(number))
        number = text->slow(start, at - start);
    *value = number * (1 - 2 * is_negative); /* as exact as a minus sign, without a branch to mispredict */
    return isfinite(number) ? at : NULL;
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
    const Text all = {end, slow};
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
