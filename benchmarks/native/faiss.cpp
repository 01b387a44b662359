// FAISS: IndexHNSWFlat, or with "sq8" IndexHNSWSQ with one byte a value, its best re-ranked by the float vectors.

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexRefine.h>
#include <faiss/impl/io.h>
#include <faiss/index_io.h>
#include <omp.h>

#include <vector>

#include "engine.hpp"

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define FAISS_VERSION TEXT(FAISS_VERSION_MAJOR) "." TEXT(FAISS_VERSION_MINOR) "." TEXT(FAISS_VERSION_PATCH)
#ifndef LIBRARY_VERSION
#define LIBRARY_VERSION ""
#endif

namespace {

constexpr float refined_per_k = 3;

class Counter final : public faiss::IOWriter {
public:
    std::size_t operator()(const void*, std::size_t size, std::size_t count) override {
        bytes += size * count;
        return count;
    }

    std::size_t bytes = 0;
};

class FaissEngine final : public Engine {
public:
    explicit FaissEngine(bool quantises) : quantises_(quantises) {}

    void build(const float* rows, const BuildOptions& options) override {
        omp_set_num_threads(options.threads);
        const auto dimension = static_cast<int>(options.dimension);
        const faiss::MetricType metric =
            options.metric == Metric::l2 ? faiss::METRIC_L2 : faiss::METRIC_INNER_PRODUCT;
        if (quantises_) {
            graph_ = std::make_unique<faiss::IndexHNSWSQ>(
                dimension, faiss::ScalarQuantizer::QT_8bit, options.m, metric);
            refined_ = std::make_unique<faiss::IndexRefineFlat>(graph_.get());
            refined_->k_factor = refined_per_k;
        } else {
            graph_ = std::make_unique<faiss::IndexHNSWFlat>(dimension, options.m, metric);
        }
        graph_->hnsw.efConstruction = options.ef_construction;
        faiss::Index& index = searched();
        index.train(static_cast<faiss::Index::idx_t>(options.count), rows);
        index.add(static_cast<faiss::Index::idx_t>(options.count), rows);
        omp_set_num_threads(1);
    }

    void set_ef(int ef) override { graph_->hnsw.efSearch = ef; }

    std::size_t search(const float* query, std::size_t k, std::uint32_t* ordinals) override {
        distances_.resize(k);
        labels_.resize(k);
        searched().search(1, query, static_cast<faiss::Index::idx_t>(k), distances_.data(), labels_.data());
        std::size_t n = 0;
        for (std::size_t i = 0; i < k; i++) {
            if (labels_[i] >= 0) {
                ordinals[n++] = static_cast<std::uint32_t>(labels_[i]);
            }
        }
        return n;
    }

    std::size_t bytes() const override {
        Counter counter;
        faiss::write_index(&searched(), &counter);
        return counter.bytes;
    }

private:
    faiss::Index& searched() const {
        return refined_ ? static_cast<faiss::Index&>(*refined_) : static_cast<faiss::Index&>(*graph_);
    }

    bool quantises_;
    std::unique_ptr<faiss::IndexHNSW> graph_;
    std::unique_ptr<faiss::IndexRefineFlat> refined_;
    std::vector<float> distances_;
    std::vector<faiss::Index::idx_t> labels_;
};

}  // namespace

std::string library_version() { return "FAISS " FAISS_VERSION LIBRARY_VERSION; }

std::unique_ptr<Engine> make_engine(const std::string& variant) {
    return std::make_unique<FaissEngine>(variant == "sq8");
}
