// What a library must do to be measured: one index, built once and searched by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

enum class Metric { inner_product, l2 };

struct BuildOptions {
    std::size_t count;
    std::size_t dimension;
    Metric metric;  // under cosine the driver scales rows and queries to length one, and the metric is the inner product
    int m;
    int ef_construction;
    int threads;
};

class Engine {
public:
    virtual ~Engine() = default;

    // The rows, count x dimension, stay where they are as long as the engine lives.
    virtual void build(const float* rows, const BuildOptions& options) = 0;

    virtual void set_ef(int ef) = 0;

    // Writes at most k ordinals, in any order, and answers how many.
    virtual std::size_t search(const float* query, std::size_t k, std::uint32_t* ordinals) = 0;

    // What the index takes in memory, vectors included.
    virtual std::size_t bytes() const = 0;
};

// Each library's file defines these two.
std::string library_version();
std::unique_ptr<Engine> make_engine(const std::string& variant);
