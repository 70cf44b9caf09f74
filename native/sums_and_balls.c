/* Kernel density: Parzen (1962). Balls: Bandaragoda et al. (2018), Computational Intelligence 34(4), section 3. */
#include "sums_and_balls.h"

#include <math.h>

#define QUERIES_AT_ONCE 16 /* that share a stretch of rows while it is in the first-level cache */

/* A sum of exponentials as multiples of its largest term. */
typedef struct {
    double least; /* squared distance so far */
    double sum;
} KernelSum;

static void add_kernels(const Distances *loops, const double *squares, int n_groups, double factor, KernelSum *kernels)
{
    double nearest = loops->least(squares, n_groups);
    if (nearest < kernels->least) {
        kernels->sum *= kernels->least < INFINITY ? exp(-factor * (kernels->least - nearest)) : 0;
        kernels->least = nearest;
    }
    if (kernels->least < INFINITY)
        kernels->sum += loops->sum_of_exponentials(squares, n_groups, factor, kernels->least);
}

void log_kernel_sums(const Distances *loops, const double *cells, int64_t n_groups, int32_t n_features, double factor,
                     const double *queries, int64_t n_queries, double *logs)
{
    double squares[GROUPS_AT_ONCE * GROUP];
    for (int64_t first = 0; first < n_queries; first += QUERIES_AT_ONCE) {
        int n_block = n_queries - first < QUERIES_AT_ONCE ? (int)(n_queries - first) : QUERIES_AT_ONCE;
        KernelSum kernels[QUERIES_AT_ONCE];
        for (int i = 0; i < n_block; i++)
            kernels[i] = (KernelSum){INFINITY, 0};
        for (int64_t group = 0; group < n_groups; group += GROUPS_AT_ONCE) {
            int n = n_groups - group < GROUPS_AT_ONCE ? (int)(n_groups - group) : GROUPS_AT_ONCE;
            for (int i = 0; i < n_block; i++) {
                loops->scan(cells + group * GROUP * n_features, queries + (first + i) * n_features, n_features, n, 0,
                            squares);
                add_kernels(loops, squares, n, factor, &kernels[i]);
            }
        }
        for (int i = 0; i < n_block; i++)
            logs[first + i] = log(kernels[i].sum) - factor * kernels[i].least;
    }
}

/* The first slot whose ball holds the query, -1 if none does. */
static int innermost(const double *squares, const double *square_radii, int n_slots)
{
    for (int slot = 0; slot < n_slots; slot++)
        if (squares[slot] <= square_radii[slot])
            return slot;
    return -1;
}

void mean_innermost_values(const Distances *loops, const double *cells, int64_t n_sets, int32_t n_groups,
                           int32_t n_features, const double *square_radii, const double *values,
                           const double *queries, int64_t n_queries, double *means)
{
    double squares[GROUPS_AT_ONCE * GROUP];
    for (int64_t i = 0; i < n_queries; i++) {
        double sum = 0;
        for (int64_t set = 0; set < n_sets; set++) {
            int found = -1;
            int64_t slot = set * n_groups * GROUP;
            for (int32_t left = n_groups; left > 0 && found < 0; left -= GROUPS_AT_ONCE) {
                int n = left < GROUPS_AT_ONCE ? left : GROUPS_AT_ONCE;
                loops->scan(cells + slot * n_features, queries + i * n_features, n_features, n, 0, squares);
                found = innermost(squares, square_radii + slot, n * GROUP);
                slot += found < 0 ? n * GROUP : found;
            }
            sum += found < 0 ? 1 : values[slot];
        }
        means[i] = sum / (double)n_sets;
    }
}
