#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/buffers_iterator.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional/optional.hpp>

#include "fhir/gunzip.h"

namespace fhir {

/// A Body of Beast's that is unpacked while it comes, as its Content-Encoding says: none, or gzip. Ends in
/// http::error::body_limit when it grows past its limit, errc::bad_message when it is no gzip or ends too early, and
/// errc::not_supported for another encoding.
struct UnpackedBody {
  struct value_type {  // NOLINT(readability-identifier-naming): Beast named it
    std::string text;
    std::size_t limit = 0;
  };

  class reader {  // NOLINT(readability-identifier-naming): Beast named it
   public:
    /// Of a message whose header is still to come.
    template <bool IsRequest, class Fields>
    reader(boost::beast::http::header<IsRequest, Fields>& header, value_type& body) : fields_(header), body_(body) {}

    void init(const boost::optional<std::uint64_t>& length, boost::system::error_code& error);
    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::system::error_code& error) {
      std::size_t taken = 0;
      for (auto it = boost::asio::buffer_sequence_begin(buffers); it != boost::asio::buffer_sequence_end(buffers);
           ++it) {
        const boost::asio::const_buffer piece = *it;
        take({static_cast<const char*>(piece.data()), piece.size()}, error);
        if (error) break;
        taken += piece.size();
      }
      return taken;
    }
    void finish(boost::system::error_code& error);

   private:
    void take(std::string_view piece, boost::system::error_code& error);

    const boost::beast::http::fields& fields_;
    value_type& body_;
    std::optional<Gunzip> gunzip_;
  };
};

}  // namespace fhir
