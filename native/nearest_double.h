/* From decimal digits to the nearest double, without big numbers. In a header so that the reader has it inline. */
#ifndef PYNOMALY_NEAREST_DOUBLE_H
#define PYNOMALY_NEAREST_DOUBLE_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define EXACT_IN_DOUBLE ((uint64_t)1 << 53)

/* 10^22 is the largest power of ten that is a double, 5^27 the largest power of five in 64 bits. */
#define LARGEST_TEN 22
#define LARGEST_FIVE 27

#ifdef __SIZEOF_INT128__
static const uint64_t fives[LARGEST_FIVE + 1] = {
    1u, 5u, 25u, 125u, 625u, 3125u, 15625u, 78125u, 390625u, 1953125u, 9765625u, 48828125u, 244140625u, 1220703125u,
    6103515625u, 30517578125u, 152587890625u, 762939453125u, 3814697265625u, 19073486328125u, 95367431640625u,
    476837158203125u, 2384185791015625u, 11920928955078125u, 59604644775390625u, 298023223876953125u,
    1490116119384765625u, 7450580596923828125u};

/* number * 2^exponent, exact but for the one rounding of number; both are far from the ends of what a double holds. */
static inline double scaled(uint64_t number, int exponent)
{
    uint64_t bits = (uint64_t)(1023 + exponent) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return (double)number * power;
}

/* digits * 10^exponent with one rounding, for digits > 0 and |exponent| <= LARGEST_FIVE.

   10^k is 5^k 2^k, and only 5^k needs work. Of an exact product, or of a quotient of 63 bits or more, the lowest kept
   bit is set if anything is left over: then the conversion to double rounds as the exact number would. */
static inline double times_power_of_ten(uint64_t digits, int exponent)
{
    uint64_t five = fives[exponent < 0 ? -exponent : exponent];
    if (exponent >= 0) {
        unsigned __int128 product = (unsigned __int128)digits * five;
        uint64_t high = (uint64_t)(product >> 64);
        if (!high)
            return scaled((uint64_t)product, exponent);
        int unused = __builtin_clzll(high);
        product <<= unused;
        return scaled((uint64_t)(product >> 64) | ((uint64_t)product != 0), 64 - unused + exponent);
    }
    int unused_digits = __builtin_clzll(digits), unused_five = __builtin_clzll(five);
    uint64_t divisor = five << unused_five;
    unsigned __int128 dividend = (unsigned __int128)(digits << unused_digits) << 63;
    uint64_t quotient = (uint64_t)(dividend / divisor);
    int is_inexact = dividend % divisor != 0;
    return scaled(quotient | (uint64_t)is_inexact, unused_five - unused_digits - 63 + exponent);
}
#endif

/* Return the double nearest to digits * 10^exponent, NaN where it takes more than is here. */
static inline double nearest_double(uint64_t digits, int64_t exponent)
{
    if (!digits || !exponent)
        return (double)digits;
#if FLT_EVAL_METHOD == 0
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    /* Two exact doubles and one rounding: Clinger (1990), "How to read floating point numbers accurately", PLDI. */
    if (digits <= EXACT_IN_DOUBLE && exponent >= -LARGEST_TEN && exponent <= LARGEST_TEN)
        return exponent < 0 ? (double)digits / tens[-exponent] : (double)digits * tens[exponent];
#endif
#ifdef __SIZEOF_INT128__
    if (exponent >= -LARGEST_FIVE && exponent <= LARGEST_FIVE)
        return times_power_of_ten(digits, (int)exponent);
#endif
    return NAN;
}

#endif
