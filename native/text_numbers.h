/* Numbers out of text, every double correctly rounded. In a header so that each reader has them inline. */
#ifndef PYNOMALY_TEXT_NUMBERS_H
#define PYNOMALY_TEXT_NUMBERS_H

#include "nearest_double.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* What the cells of a column have been so far. */
enum { COLUMN_HAS_FRACTIONS = 0, COLUMN_IS_WHOLE = 1, COLUMN_IS_EMPTY = 2 };

/* Longer numbers, which neither people nor programs write, are not plain. */
#define LONGEST_NUMBER 120

/* Digits that always fit 64 bits. */
#define MOST_DIGITS 19

/* Return the double nearest to a valid JSON number of at most LONGEST_NUMBER characters, infinite where there is none:
   for the few that exact 128-bit arithmetic does not settle. */
typedef double (*SlowNumber)(const char *text, int64_t length);

/* The text read; every function below takes the place it starts at and returns the place after what it read, NULL where
   that is not there. Places are values, not members: then the compiler keeps them in registers. */
typedef struct {
    const char *end;
    SlowNumber slow;
    char point; /* between the digits of a whole and of its fraction */
} Text;

static inline int is_at(const char *at, const char *end, char wanted)
{
    return at < end && *at == wanted;
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
static inline const char *read_exponent(const char *at, const char *end, int64_t *exponent)
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

static inline int64_t count_leading_zeros(const char *text, char point)
{
    int64_t n = 0;
    for (; *text == '0' || *text == point; text++)
        n += *text == '0';
    return n;
}

/* Read one number as JSON writes them: no plus, no leading zero, digits on both sides of the point. */
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
    *is_whole = !is_at(at, end, text->point);
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
    int has_room = n_digits <= MOST_DIGITS || (digits && n_digits - count_leading_zeros(start, text->point) <= MOST_DIGITS);
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

#endif
