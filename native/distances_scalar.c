/* The loops over distances without vector registers, and the choice among all of them. */
#include "distances.h"

#define TARGET
#define INLINE static inline
#define LANES 1
#define FLOATS 1
#define QUAD 1
typedef double Doubles;
typedef uint64_t Bits;
typedef float Floats;
typedef double Quad;
#define AT_MOST(values, limit) ((values) <= (limit))
#define NOT_ABOVE(values, limit) (!((values) > (limit)))
#define MINUS_PRODUCT(sum, factor, values) ((sum) - (factor) * (values))
#define ONLY_ABOVE(kept, values, bound) ((values) > (bound) ? (kept) : 0.0)
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#define LESSER(a, b) ((a) < (b) ? (a) : (b))
#define LOOPS distances_scalar

#include "distances_loops.h"

const Distances *distances_on(ScoringPath path)
{
#if HAS_X86_PATHS
    if (path == PATH_AVX512)
        return &distances_avx512;
    if (path == PATH_AVX2)
        return &distances_avx2;
#endif
    (void)path;
    return &distances_scalar;
}

int path_named(const char *name)
{
    static const char *const names[] = {"scalar", "avx2", "avx512"};
    int widest = (int)widest_path();
#if HAS_X86_PATHS
    if (widest == PATH_AVX2 && !__builtin_cpu_supports("fma"))
        widest = PATH_SCALAR;
#endif
    for (int path = 0; name && path <= widest; path++)
        if (strcmp(name, names[path]) == 0)
            return path;
    return name ? -1 : widest;
}
