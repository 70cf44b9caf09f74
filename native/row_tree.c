/* The k-d tree: Bentley (1975), "Multidimensional binary search trees used for associative searching", CACM 18(9);
   halved at the middle of the widest column, Friedman, Bentley and Finkel (1977), ACM TOMS 3(3). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "neighbours.h"

int64_t groups_per_leaf(int64_t n_rows, int32_t depth)
{
    int64_t n_leaves = (int64_t)1 << depth, rows_per_leaf = (n_rows + n_leaves - 1) / n_leaves;
    return (rows_per_leaf + GROUP - 1) / GROUP;
}

typedef struct {
    const double *rows;
    const RowTree *tree;
    Pair *pairs;
} Builder;

/* Write the box of a node's rows; return its widest column. */
static int32_t write_box(const Builder *builder, int64_t node, const Pair *pairs, int64_t n)
{
    const int32_t n_features = builder->tree->n_features;
    const int32_t n_padded = padded(n_features);
    double *low = builder->tree->boxes + node * 2 * n_padded, *high = low + n_padded;
    for (int32_t column = 0; column < n_padded; column++) {
        low[column] = column < n_features ? INFINITY : 0;
        high[column] = column < n_features ? -INFINITY : 0;
    }
    for (int64_t i = 0; i < n; i++) {
        const double *row = builder->rows + pairs[i].row * n_features;
        for (int32_t column = 0; column < n_features; column++) {
            low[column] = row[column] < low[column] ? row[column] : low[column];
            high[column] = row[column] > high[column] ? row[column] : high[column];
        }
    }
    int32_t widest = 0;
    for (int32_t column = 1; column < n_features; column++)
        if (high[column] - low[column] > high[widest] - low[widest])
            widest = column;
    return widest;
}

static void write_leaf(const Builder *builder, int64_t leaf, Pair *pairs, int64_t n)
{
    const RowTree *tree = builder->tree;
    const int64_t n_slots = (int64_t)tree->groups_per_leaf * GROUP, n_features = tree->n_features;
    int32_t *order = tree->order + leaf * n_slots;
    double *cells = tree->cells + leaf * n_slots * n_features;
    for (int64_t i = 0; i < n; i++)
        pairs[i].key = (double)pairs[i].row;
    sort_pairs(pairs, n);
    for (int64_t slot = 0; slot < n_slots; slot++) {
        double *cell = cells + slot / GROUP * GROUP * n_features + slot % GROUP;
        order[slot] = slot < n ? (int32_t)pairs[slot].row : -1;
        for (int64_t column = 0; column < n_features; column++)
            cell[column * GROUP] = slot < n ? builder->rows[pairs[slot].row * n_features + column] : INFINITY;
    }
}

static void build(const Builder *builder, int64_t node, Pair *pairs, int64_t n)
{
    const int64_t n_leaves = (int64_t)1 << builder->tree->depth;
    int32_t widest = write_box(builder, node, pairs, n);
    if (node >= n_leaves) {
        write_leaf(builder, node - n_leaves, pairs, n);
        return;
    }
    for (int64_t i = 0; i < n; i++)
        pairs[i].key = builder->rows[pairs[i].row * builder->tree->n_features + widest];
    int64_t n_left = (n + 1) / 2;
    select_pairs(pairs, n, n_left);
    build(builder, 2 * node, pairs, n_left);
    build(builder, 2 * node + 1, pairs + n_left, n - n_left);
}

int build_tree(const double *rows, int64_t n_rows, const RowTree *tree)
{
    Pair *pairs = malloc((size_t)n_rows * sizeof *pairs);
    if (!pairs)
        return 0;
    for (int64_t row = 0; row < n_rows; row++)
        pairs[row] = (Pair){0, row};
    build(&(Builder){rows, tree, pairs}, 1, pairs, n_rows);
    free(pairs);
    return 1;
}

typedef struct {
    const Distances *loops;
    const RowTree *tree;
    double *query; /* padded */
    double slack;
    int64_t n_scanned; /* leaves */
    Nearest nearest;
} Search;

static void search_leaf(Search *search, int64_t leaf)
{
    const RowTree *tree = search->tree;
    double squares[GROUPS_AT_ONCE * GROUP];
    search->n_scanned++;
    for (int32_t group = 0; group < tree->groups_per_leaf; group += GROUPS_AT_ONCE) {
        const int64_t first = (leaf * tree->groups_per_leaf + group) * GROUP;
        int n_groups = tree->groups_per_leaf - group;
        n_groups = n_groups < GROUPS_AT_ONCE ? n_groups : GROUPS_AT_ONCE;
        uint64_t mask = search->loops->scan(tree->cells + first * tree->n_features, search->query, tree->n_features,
                                            n_groups, search->nearest.limit, squares);
        for (; mask; mask &= mask - 1)
            take(&search->nearest, squares[lowest_bit(mask)], tree->order[first + lowest_bit(mask)]);
    }
}

static double square_to_node(const Search *search, int64_t node)
{
    const int32_t n_padded = padded(search->tree->n_features);
    const double *low = search->tree->boxes + node * 2 * n_padded;
    return search->loops->square_to_box(low, low + n_padded, search->query, n_padded);
}

static void search_node(Search *search, int64_t node)
{
    const int64_t n_leaves = (int64_t)1 << search->tree->depth;
    if (node >= n_leaves) {
        search_leaf(search, node - n_leaves);
        return;
    }
    double left = square_to_node(search, 2 * node), right = square_to_node(search, 2 * node + 1);
    int64_t near = left <= right ? 2 * node : 2 * node + 1;
    double to_near = left <= right ? left : right, to_far = left <= right ? right : left;
    if (to_near * search->slack <= search->nearest.limit)
        search_node(search, near);
    if (to_far * search->slack <= search->nearest.limit)
        search_node(search, near ^ 1);
}

int64_t search_tree(const Distances *loops, const RowTree *tree, const NeighbourQuery *asked, double slack)
{
    const int64_t n_wanted = asked->n_neighbors;
    Pair *pairs = malloc((size_t)room_for(n_wanted) * sizeof *pairs);
    double *query = calloc((size_t)padded(tree->n_features), sizeof *query);
    int64_t n_scanned = pairs && query ? 0 : -1;
    for (int64_t i = 0; n_scanned >= 0 && i < asked->n_queries; i++) {
        int64_t excluded = asked->excluded ? asked->excluded[i] : -1;
        memcpy(query, asked->queries + i * tree->n_features, (size_t)tree->n_features * sizeof *query);
        Search search = {loops, tree, query, slack, 0, {pairs, 0, n_wanted, excluded, INFINITY}};
        search_node(&search, 1);
        give(&search.nearest, asked->squares + i * n_wanted, asked->neighbours + i * n_wanted);
        n_scanned += search.n_scanned;
    }
    free(query);
    free(pairs);
    return n_scanned;
}
