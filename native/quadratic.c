/* Squared lengths of rows after a triangular map: the choice of a path, and the portable one. */
#include "quadratic.h"

#if HAS_X86_PATHS
#define TARGET __attribute__((target("avx512f")))
#define VECTOR_BYTES 64
#define PATH lengths_avx512
#include "quadratic_lanes.h"
#undef TARGET
#undef VECTOR_BYTES
#undef PATH
#define TARGET __attribute__((target("avx2")))
#define VECTOR_BYTES 32
#define PATH lengths_avx2
#include "quadratic_lanes.h"
#endif

static void lengths_scalar(const double *rows, int64_t n_rows, int32_t n_features, const double *centre,
                           const double *triangle, double *lengths)
{
    double away[MAX_QUADRATIC_FEATURES];
    for (int64_t row = 0; row < n_rows; row++, rows += n_features) {
        const double *weight = triangle;
        double total = 0.0;
        for (int32_t i = 0; i < n_features; i++)
            away[i] = rows[i] - centre[i];
        for (int32_t j = 0; j < n_features; j++) {
            double sum = 0.0;
            for (int32_t i = j; i < n_features; i++)
                sum += away[i] * *weight++;
            total += sum * sum;
        }
        lengths[row] = total;
    }
}

void squared_lengths(ScoringPath path, const double *rows, int64_t n_rows, int32_t n_features, const double *centre,
                     const double *triangle, double *lengths)
{
    int64_t n_done = 0;
#if HAS_X86_PATHS
    if (path == PATH_AVX512)
        n_done = lengths_avx512(rows, n_rows, n_features, centre, triangle, lengths);
    else if (path == PATH_AVX2)
        n_done = lengths_avx2(rows, n_rows, n_features, centre, triangle, lengths);
#else
    (void)path;
#endif
    lengths_scalar(rows + n_done * n_features, n_rows - n_done, n_features, centre, triangle, lengths + n_done);
}
