#include "cli/http/message.h"
#include "cli/http/multipart.h"
#include "cli/http/service_store.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;

namespace {

const std::string body =
    "--X\r\nContent-Disposition: form-data; name=\"signer\"\r\n\r\n930.91\r\n"
    "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\thu\\\\công văn.pdf\"\r\nContent-Type: "
    "application/pdf\r\n\r\n%PDF-\r\n--Y\r\n\r\n--X--\r\n";

}  // namespace

TEST_CASE("multipart: fields, files and their names") {
  const auto parts = http::parse_multipart(bytes_of(body), "X").value();
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].name == "signer");
  CHECK(text_of(parts[0].content) == "930.91");
  CHECK(parts[1].file_name == "công văn.pdf");
  CHECK(parts[1].media_type == "application/pdf");
  CHECK(text_of(parts[1].content) == "%PDF-\r\n--Y\r\n");
}

TEST_CASE("multipart: whatever is cut off is refused, and no cut is read as whole") {
  for (std::size_t cut = 0; cut + 4 < body.size(); ++cut)
    CHECK_FALSE(http::parse_multipart(bytes_of(body.substr(0, cut)), "X").has_value());
  CHECK_FALSE(http::parse_multipart(bytes_of("--X\r\n\r\nno name\r\n--X--"), "X").has_value());
  std::string many;
  for (int i = 0; i < 65; ++i) many += "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
  CHECK_FALSE(http::parse_multipart(bytes_of(many + "--X--"), "X").has_value());
  CHECK(http::boundary_of("multipart/form-data; boundary=\"a b\"").value() == "a b");
  CHECK_FALSE(http::boundary_of("application/json").has_value());
  CHECK_FALSE(http::boundary_of("multipart/form-data").has_value());
}

TEST_CASE("API tokens: shown once, kept as a hash, ended by their system") {
  const TemporaryDirectory folder;
  SystemRandom random;
  const auto records = http::ServiceStore::open(folder / "service.sqlite").value();
  const Secret token =
      records->add_token({"idoc", {"930.91", "a@lamdong.test"}}, random, time_at(2022, 12, 28)).value();
  const Bytes file = read_file(folder / "service.sqlite").value(),
              journal = read_file(folder / "service.sqlite-wal").value_or(Bytes());
  CHECK(text_of(file).find(token.reveal()) == std::string_view::npos);
  CHECK(text_of(journal).find(token.reveal()) == std::string_view::npos);
  const auto caller = records->caller(token.reveal()).value();
  REQUIRE(caller.has_value());
  CHECK(caller->system == "idoc");
  CHECK(caller->signers == std::vector<std::string>{"930.91", "a@lamdong.test"});
  CHECK_FALSE(records->caller("antin_other").value().has_value());
  CHECK(records->add_token({"", {"*"}}, random, {}).error().code == ErrorCode::invalid_argument);
  REQUIRE(records->revoke_tokens("idoc").has_value());
  CHECK_FALSE(records->caller(token.reveal()).value().has_value());
  CHECK(records->revoke_tokens("idoc").error().code == ErrorCode::not_found);
}

TEST_CASE("a kept answer and its audit record are written together, once") {
  const TemporaryDirectory folder;
  const auto records = http::ServiceStore::open(folder / "service.sqlite").value();
  const http::AuditRecord audit{time_at(2022, 12, 28), "idoc", "sign", "government-01", "pades", {}, {}};
  REQUIRE(records->record(audit, "key-1", {to_bytes("h"), "application/pdf", to_bytes("body")}).has_value());
  CHECK(records->kept_answer("idoc", "key-1").value()->body == to_bytes("body"));
  CHECK_FALSE(records->kept_answer("egov", "key-1").value().has_value());
  CHECK_FALSE(records->record(audit, "key-1", {to_bytes("h2"), "application/pdf", {}}).has_value());
  CHECK(records->audit_size().value() == 1);
}

TEST_CASE("problems speak the caller's language and hide what is inside") {
  const auto vi = http::problem(Error{ErrorCode::unauthenticated, "x"}, Language::vi),
             en = http::problem(Error{ErrorCode::internal, "secret detail"}, Language::en);
  CHECK(vi.status == 401);
  CHECK(vi.headers.at("WWW-Authenticate") == "Bearer");
  CHECK(en.status == 500);
  CHECK(text_of(en.body).find("secret detail") == std::string_view::npos);
  CHECK(vi.content_type == "application/problem+json");
}

TEST_CASE("a problem is in one language: title and detail") {
  const Error error{ErrorCode::unauthenticated, "the API token is unknown or revoked"};
  const auto vi = http::problem(error, Language::vi);
  CHECK(text_of(vi.body).find("\"detail\":\"token API không có hoặc đã bị thu hồi\"") != std::string_view::npos);
  CHECK(text_of(vi.body).find("\"type\":\"urn:antin:problem:unauthenticated\"") != std::string_view::npos);
  CHECK(vi.headers.at("Content-Language") == "vi");
  CHECK(text_of(http::problem(error, Language::en).body).find(error.message) != std::string_view::npos);
}

TEST_CASE("the language is the first of Accept-Language that we have, else Vietnamese") {
  const auto of = [](const std::string& header) {
    http::Request request;
    request.headers["accept-language"] = header;
    return http::language_of(request);
  };
  CHECK(of("") == Language::vi);
  CHECK(of("en") == Language::en);
  CHECK(of("en-GB,en;q=0.8,vi;q=0.5") == Language::en);
  CHECK(of("fr, en;q=0.5") == Language::en);
  CHECK(of("vi-VN,vi;q=0.9,en;q=0.8") == Language::vi);
  CHECK(of("fr;q=1, *") == Language::vi);
  CHECK(of(",,;,") == Language::vi);
}
