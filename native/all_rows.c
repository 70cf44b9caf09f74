/* Looking at all rows: products in float rule most of them out, and true distances settle the rest. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "neighbours.h"

#define BLOCKS_AT_ONCE 16       /* blocks of QUERIES queries that share a stretch of tiles */
#define STRETCH_CELLS (1 << 16) /* 256 KB of tiles stay in the second-level cache meanwhile */

/* Half a unit in the last place of a float near 1. */
#define FLOAT_ROUNDING 0x1p-24

static int64_t n_tiles(const FilteredRows *rows)
{
    return (rows->n_rows + TILE - 1) / TILE;
}

/* Return what the filter sees of a row's value. */
static float seen(const FilteredRows *rows, const double *row, int32_t column)
{
    return (float)((row[column] - rows->centre[column]) * rows->scale);
}

void pack_tiles(const FilteredRows *rows)
{
    const int32_t n_features = rows->n_features;
    for (int64_t tile = 0; tile < n_tiles(rows); tile++) {
        double longest = 0;
        for (int64_t place = 0; place < TILE; place++) {
            const int64_t row = tile * TILE + place;
            float *cell = rows->tiles + tile * TILE * n_features + place;
            double sum = row < rows->n_rows ? 0 : INFINITY;
            for (int32_t column = 0; column < n_features; column++) {
                float value = row < rows->n_rows ? seen(rows, rows->rows + row * n_features, column) : 0;
                cell[(int64_t)column * TILE] = value;
                sum += (double)value * value;
            }
            rows->half_squares[row] = (float)(sum / 2);
            longest = row < rows->n_rows && !(sum <= longest) ? sum : longest;
        }
        rows->lengths[tile] = sqrt(longest) * (1 + FLOAT_ROUNDING);
    }
}

/* A block of queries while it meets the tiles. */
typedef struct {
    float *values; /* column by column */
    double lengths[QUERIES];
    Nearest nearest[QUERIES];
    int n;
} Block;

/* What the filter may show at most of a row of a tile that is within the query's limit.

   With x and y the query and the row as the filter sees them, u = 2^-24 and L the largest |y|, each rounding to float
   moves a point by at most u of its length, so true distances r mean |x - y| <= r + 2 u (|x| + L), twice what is needed
   so that the roundings in double are covered too. Then |y|^2 / 2 - x y = (|x - y|^2 - |x|^2) / 2, and in any order
   floats add up d products to the half square, the error is below (d + 2) u (L^2 / 2 + |x| L) / (1 - (d + 2) u): Higham
   (2002), "Accuracy and stability of numerical algorithms", section 3.1; we take 2 u for u. Numbers too small for a
   float lose less than 2^-126 each. Where anything is not finite the limit is no number, and rules nothing out. */
static float filter_limit(const FilteredRows *rows, double limit, double length, double tile_length)
{
    const double u = FLOAT_ROUNDING, n_terms = rows->n_features + 2.0;
    double reach = sqrt(limit) * rows->scale * (1 + u) + 2 * u * (length + tile_length);
    double rounding = 2 * u * n_terms * (tile_length * tile_length / 2 + length * tile_length);
    double least = (reach * reach - length * length) / 2;
    return (float)(least + fabs(least) * 4 * u + length * length * 4 * u + rounding + n_terms * 0x1p-120);
}

static void meet_tile(const Distances *loops, const FilteredRows *rows, const NeighbourQuery *asked,
                      int64_t first_query, Block *block, int64_t tile)
{
    const int64_t n_features = rows->n_features;
    float limits[QUERIES];
    uint32_t masks[QUERIES];
    for (int i = 0; i < block->n; i++)
        limits[i] = filter_limit(rows, block->nearest[i].limit, block->lengths[i], rows->lengths[tile]);
    loops->filter(rows->tiles + tile * TILE * n_features, rows->half_squares + tile * TILE, block->values, block->n,
                  rows->n_features, limits, masks);
    for (int i = 0; i < block->n && first_query + i < asked->n_queries; i++) {
        const double *query = asked->queries + (first_query + i) * n_features;
        for (uint32_t mask = masks[i]; mask; mask &= mask - 1) {
            int64_t row = tile * TILE + lowest_bit(mask);
            if (row < rows->n_rows)
                take(&block->nearest[i], loops->square(query, rows->rows + row * n_features, rows->n_features), row);
        }
    }
}

static void start_block(const FilteredRows *rows, const NeighbourQuery *asked, int64_t first_query, Block *block)
{
    block->n = asked->n_queries - first_query == 1 ? 1 : QUERIES;
    for (int i = 0; i < block->n; i++) {
        int64_t query = first_query + i < asked->n_queries ? first_query + i : first_query;
        const double *values = asked->queries + query * rows->n_features;
        double sum = 0;
        for (int32_t column = 0; column < rows->n_features; column++) {
            float value = seen(rows, values, column);
            block->values[column * block->n + i] = value;
            sum += (double)value * value;
        }
        block->lengths[i] = sqrt(sum) * (1 + FLOAT_ROUNDING);
        block->nearest[i].n = 0;
        block->nearest[i].n_wanted = asked->n_neighbors;
        block->nearest[i].excluded = asked->excluded ? asked->excluded[query] : -1;
        block->nearest[i].limit = INFINITY;
    }
}

static void search_blocks(const Distances *loops, const FilteredRows *rows, const NeighbourQuery *asked,
                          int64_t first_query, Block *blocks, int n_blocks)
{
    int64_t stretch = STRETCH_CELLS / ((int64_t)TILE * rows->n_features);
    stretch = stretch > 1 ? stretch : 1;
    for (int i = 0; i < n_blocks; i++)
        start_block(rows, asked, first_query + i * QUERIES, blocks + i);
    for (int64_t start = 0; start < n_tiles(rows); start += stretch)
        for (int i = 0; i < n_blocks; i++)
            for (int64_t tile = start; tile < start + stretch && tile < n_tiles(rows); tile++)
                meet_tile(loops, rows, asked, first_query + i * QUERIES, blocks + i, tile);
    for (int64_t query = first_query; query < asked->n_queries && query < first_query + n_blocks * QUERIES; query++)
        give(&blocks[(query - first_query) / QUERIES].nearest[(query - first_query) % QUERIES],
             asked->squares + query * asked->n_neighbors, asked->neighbours + query * asked->n_neighbors);
}

int search_rows(const Distances *loops, const FilteredRows *rows, const NeighbourQuery *asked)
{
    const size_t room = (size_t)room_for(asked->n_neighbors), n_queries = BLOCKS_AT_ONCE * QUERIES;
    Block *blocks = calloc(BLOCKS_AT_ONCE, sizeof *blocks);
    Pair *pairs = malloc(n_queries * room * sizeof *pairs);
    float *values = malloc(n_queries * (size_t)rows->n_features * sizeof *values);
    int has_memory = blocks && pairs && values;
    for (int i = 0; has_memory && i < BLOCKS_AT_ONCE; i++) {
        blocks[i].values = values + (size_t)i * QUERIES * (size_t)rows->n_features;
        for (int k = 0; k < QUERIES; k++)
            blocks[i].nearest[k].pairs = pairs + (size_t)(i * QUERIES + k) * room;
    }
    for (int64_t query = 0; has_memory && query < asked->n_queries; query += (int64_t)n_queries) {
        int64_t n_left = (asked->n_queries - query + QUERIES - 1) / QUERIES;
        search_blocks(loops, rows, asked, query, blocks, n_left < BLOCKS_AT_ONCE ? (int)n_left : BLOCKS_AT_ONCE);
    }
    free(blocks);
    free(pairs);
    free(values);
    return has_memory;
}
