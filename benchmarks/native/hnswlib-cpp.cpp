// hnswlib (Malkov), through its own header: Debian's, or that of HNSWLIB_INCLUDE.

#include <hnswlib/hnswlib.h>

#include <atomic>
#include <thread>
#include <vector>

#include "engine.hpp"

#ifndef LIBRARY_VERSION
#define LIBRARY_VERSION "of unknown version"
#endif

namespace {

constexpr std::size_t seed = 42;

class HnswlibEngine final : public Engine {
public:
    void build(const float* rows, const BuildOptions& options) override {
        if (options.metric == Metric::l2) {
            space_ = std::make_unique<hnswlib::L2Space>(options.dimension);
        } else {
            space_ = std::make_unique<hnswlib::InnerProductSpace>(options.dimension);
        }
        index_ = std::make_unique<hnswlib::HierarchicalNSW<float>>(
            space_.get(), options.count, options.m, options.ef_construction, seed);
        std::atomic<std::size_t> next{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < options.threads; i++) {
            threads.emplace_back([&] {
                for (std::size_t row = next++; row < options.count; row = next++) {
                    index_->addPoint(rows + row * options.dimension, row);
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
    }

    void set_ef(int ef) override { index_->setEf(ef); }

    std::size_t search(const float* query, std::size_t k, std::uint32_t* ordinals) override {
        auto found = index_->searchKnn(query, k);
        const std::size_t n = found.size();
        for (std::size_t i = n; i-- > 0; found.pop()) {
            ordinals[i] = static_cast<std::uint32_t>(found.top().second);
        }
        return n;
    }

    std::size_t bytes() const override {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < index_->cur_element_count; i++) {
            sum += index_->size_data_per_element_ + sizeof(void*)
                   + index_->element_levels_[i] * index_->size_links_per_element_;
        }
        return sum;
    }

private:
    std::unique_ptr<hnswlib::SpaceInterface<float>> space_;
    std::unique_ptr<hnswlib::HierarchicalNSW<float>> index_;
};

}  // namespace

std::string library_version() { return std::string("hnswlib ") + LIBRARY_VERSION; }

std::unique_ptr<Engine> make_engine(const std::string&) { return std::make_unique<HnswlibEngine>(); }
