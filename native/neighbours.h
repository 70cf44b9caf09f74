/* Exact nearest neighbours: in a k-d tree, or by looking at all rows. Plain C, no Python in sight. */
#ifndef PYNOMALY_NEIGHBOURS_H
#define PYNOMALY_NEIGHBOURS_H

#include "distances.h"
#include "pairs.h"

/* Levels of a tree that are split at most, and the largest leaf's groups of rows. */
#define DEEPEST 24

/* Rows halved `depth` times at the middle of their widest column. Nodes are counted from 1, children 2i and 2i + 1; the
   leaves are the last 2^depth of them, each of groups_per_leaf groups.

   cells: the rows of each leaf, packed. order: the row of each slot, ascending in a leaf, -1 where there is none.
   boxes: the least values of each node's rows in every column, then the largest, both padded; node 0 is unused. */
typedef struct {
    double *cells;
    int32_t *order;
    double *boxes;
    int32_t n_features;
    int32_t depth;
    int32_t groups_per_leaf;
} RowTree;

/* Groups that a leaf of n_rows halved `depth` times needs. */
int64_t groups_per_leaf(int64_t n_rows, int32_t depth);

/* Fill a tree from n_rows >= 2^depth rows; returns 0 if there is no memory. */
int build_tree(const double *rows, int64_t n_rows, const RowTree *tree);

/* Rows as the filter sees them: less a centre, times a scale, rounded to float, in tiles.

   half_squares: half of each rounded row's squared length, infinite where the last tile has no row.
   lengths: the largest length of a tile's rows, rounded up. */
typedef struct {
    const double *rows;
    const double *centre;
    double scale;
    float *tiles;
    float *half_squares;
    double *lengths;
    int64_t n_rows;
    int32_t n_features;
} FilteredRows;

void pack_tiles(const FilteredRows *rows);

/* What is asked: the n_neighbors rows nearest to each query, by squared distance and, where that ties, by row.
   excluded: a row for each query that does not count, -1 for none; or NULL. */
typedef struct {
    const double *queries;
    const int32_t *excluded;
    int64_t n_queries;
    int64_t n_neighbors;
    double *squares;
    int32_t *neighbours;
} NeighbourQuery;

/* slack >= 1: branches are passed over that hold nothing nearer than the farthest neighbour's squared distance divided
   by slack; 1 finds the true neighbours. Returns the leaves looked at, -1 if there is no memory. */
int64_t search_tree(const Distances *loops, const RowTree *tree, const NeighbourQuery *asked, double slack);

/* Returns 0 if there is no memory. */
int search_rows(const Distances *loops, const FilteredRows *rows, const NeighbourQuery *asked);

/* The nearest rows met so far. */
typedef struct {
    Pair *pairs;
    int64_t n;
    int64_t n_wanted;
    int64_t excluded;
    double limit; /* what is farther does not count any more */
} Nearest;

/* Pairs to make room for. */
int64_t room_for(int64_t n_wanted);

void take(Nearest *nearest, double square, int64_t row);

/* Write the nearest rows in order. */
void give(Nearest *nearest, double *squares, int32_t *neighbours);

/* The place of the lowest set bit of a mask that has one. */
static inline int lowest_bit(uint64_t mask)
{
#if defined(__GNUC__) || defined(__clang__)
    return __builtin_ctzll(mask);
#else
    int place = 0;
    for (; !(mask & 1); mask >>= 1)
        place++;
    return place;
#endif
}

#endif
