/* The loops over distances in registers of 512 bits. */
#include "distances.h"

#if HAS_X86_PATHS
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#define INLINE TARGET static inline __attribute__((always_inline))
#define LANES 8
#define FLOATS 16
#define QUAD 4
typedef double Doubles __attribute__((vector_size(64)));
typedef uint64_t Bits __attribute__((vector_size(64)));
typedef float Floats __attribute__((vector_size(64)));
typedef double Quad __attribute__((vector_size(32)));
#define AT_MOST(values, limit) _mm512_cmp_pd_mask(values, _mm512_set1_pd(limit), _CMP_LE_OQ)
#define NOT_ABOVE(values, limit) _mm512_cmp_ps_mask(values, _mm512_set1_ps(limit), _CMP_NGT_UQ)
#define MINUS_PRODUCT(sum, factor, values) _mm512_fnmadd_ps(_mm512_set1_ps(factor), values, sum)
#define ONLY_ABOVE(kept, values, bound) \
    _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(values, _mm512_set1_pd(bound), _CMP_GT_OQ), kept)
#define LARGER(a, b) _mm256_max_pd(a, b)
#define LESSER(a, b) _mm512_min_pd(a, b)
#define LOOPS distances_avx512

#include "distances_loops.h"
#endif
