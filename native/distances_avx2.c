/* The loops over distances in registers of 256 bits. */
#include "distances.h"

#if HAS_X86_PATHS
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))
#define INLINE TARGET static inline __attribute__((always_inline))
#define LANES 4
#define FLOATS 8
#define QUAD 4
typedef double Doubles __attribute__((vector_size(32)));
typedef uint64_t Bits __attribute__((vector_size(32)));
typedef float Floats __attribute__((vector_size(32)));
typedef double Quad __attribute__((vector_size(32)));
#define AT_MOST(values, limit) _mm256_movemask_pd(_mm256_cmp_pd(values, _mm256_set1_pd(limit), _CMP_LE_OQ))
#define NOT_ABOVE(values, limit) _mm256_movemask_ps(_mm256_cmp_ps(values, _mm256_set1_ps(limit), _CMP_NGT_UQ))
#define MINUS_PRODUCT(sum, factor, values) _mm256_fnmadd_ps(_mm256_set1_ps(factor), values, sum)
#define ONLY_ABOVE(kept, values, bound) \
    _mm256_and_pd(kept, _mm256_cmp_pd(values, _mm256_set1_pd(bound), _CMP_GT_OQ))
#define LARGER(a, b) _mm256_max_pd(a, b)
#define LESSER(a, b) _mm256_min_pd(a, b)
#define LOOPS distances_avx2

#include "distances_loops.h"
#endif
