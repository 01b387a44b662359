// SymphonyQG (Gou, Gao, Xu, Long: SIGMOD 2025), through its headers in SYMPHONYQG_INCLUDE. It has L2 alone; rows of
// length one are in the same order under it as under the inner product.

#include <qg/qg.hpp>
#include <qg/qg_builder.hpp>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "engine.hpp"

#ifndef LIBRARY_VERSION
#define LIBRARY_VERSION "of unknown version"
#endif

namespace {

constexpr std::size_t iterations = 3;
constexpr std::size_t degree_unit = 32;

bool of_length_one(const float* rows, const BuildOptions& options) {
    for (std::size_t row = 0; row < options.count; row++) {
        float squares = 0;
        for (std::size_t i = 0; i < options.dimension; i++) {
            squares += rows[row * options.dimension + i] * rows[row * options.dimension + i];
        }
        if (std::abs(squares - 1) > 1e-3F) {
            return false;
        }
    }
    return true;
}

class SymphonyEngine final : public Engine {
public:
    void build(const float* rows, const BuildOptions& options) override {
        if (options.metric != Metric::l2 && !of_length_one(rows, options)) {
            throw std::runtime_error("SymphonyQG has no inner product");
        }
        const std::size_t degree = (2 * options.m + degree_unit - 1) / degree_unit * degree_unit;
        index_ = std::make_unique<symqg::QuantizedGraph>(options.count, degree, options.dimension);
        symqg::QGBuilder(*index_, options.ef_construction, rows, options.threads).build(iterations);
        std::size_t padded = 1;
        while (padded < options.dimension) {
            padded *= 2;
        }
        // A row, a bit a value for each neighbour, three floats for each, and its ordinal.
        bytes_ = options.count * (4 * options.dimension + padded / 8 * degree + 12 * degree + 4 * degree);
    }

    void set_ef(int ef) override { index_->set_ef(ef); }

    std::size_t search(const float* query, std::size_t k, std::uint32_t* ordinals) override {
        index_->search(query, k, ordinals);
        return k;
    }

    std::size_t bytes() const override { return bytes_; }

private:
    std::unique_ptr<symqg::QuantizedGraph> index_;
    std::size_t bytes_ = 0;
};

}  // namespace

std::string library_version() { return std::string("SymphonyQG ") + LIBRARY_VERSION; }

std::unique_ptr<Engine> make_engine(const std::string&) { return std::make_unique<SymphonyEngine>(); }
