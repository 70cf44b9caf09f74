/* Columns of numbers brought to their scale: operation by operation what steps/robust_scale.py does. */
#include "scaling.h"

#include <float.h>
#include <math.h>

static double with_logarithmic_tail(double value, double knee)
{
    double size = fabs(value);
    if (size <= knee)
        return value;
    int exponent;
    double fraction = frexp((size < DBL_MAX ? size : DBL_MAX) / knee, &exponent);
    double doublings = (double)(exponent - 1) + (2 * fraction - 1);
    double far = knee * (1 + doublings);
    return value < 0 ? -far : far;
}

/* Where a value lies that is not within the range that stays as it is. */
static double brought_near(double scaled, const Scale *s)
{
    if (isnan(scaled))
        return s->missing;
    double mapped = with_logarithmic_tail(scaled, s->knee);
    double reach = s->high - s->low;
    if (reach == 0)
        reach = 1;
    double above = (mapped > s->high ? mapped - s->high : 0) / reach;
    double below = (mapped < s->low ? s->low - mapped : 0) / reach;
    if (below > 0)
        return s->low - reach * (below / (1 + below));
    return above > 0 ? s->high + reach * (above / (1 + above)) : mapped;
}

#define DEFINE_SCALE(name, element)                                                                                    \
    void name(const double *values, int64_t n, const Scale *scale, char *out, int64_t step)                            \
    {                                                                                                                  \
        const Scale s = *scale;                                                                                        \
        const double lowest = s.low > -s.knee ? s.low : -s.knee, highest = s.high < s.knee ? s.high : s.knee;          \
        for (int64_t i = 0; i < n; i++, out += step) {                                                                 \
            double scaled = (values[i] - s.center) / s.spread;                                                         \
            int is_near = scaled >= lowest && scaled <= highest; /* neither holds with a NaN */                        \
            *(element *)out = (element)(is_near ? scaled : brought_near(scaled, &s));                                  \
        }                                                                                                              \
    }

DEFINE_SCALE(scale_float32, float)
DEFINE_SCALE(scale_float64, double)
