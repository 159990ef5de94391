#include "cli/wiring/config.h"

#include "cli/wiring/tokens.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::wiring;

TEST_CASE("The configuration that init writes is read back whole") {
  Config written = default_config();
  written.publish_url = "http://pki.lamdong.test:8080";
  written.crl_validity = hours{30};
  written.required_approvals = 3;
  written.second_opinion = x509::SecondOpinion::fields;
  written.service.pins["pkcs11:token=seals;serial=1"] = "prompt";
  written.service.restored["0f"] = "1a";
  written.officers.softhsm2.clear();
  written.officers.module = "/usr/lib/vendor.so";
  written.officers.module_arguments = "configdir='sql:{home}/officers'";
  written.officers.module_environment["VENDOR_CONF"] = "{home}/officers/vendor.conf";
  auto read = parse_config(to_toml(written));
  REQUIRE(read.has_value());
  CHECK(read->service.restored.at("0f") == "1a");
  CHECK(read->officers.module_arguments == written.officers.module_arguments);
  CHECK(read->officers.module_environment == written.officers.module_environment);
  CHECK(read->publish_url == written.publish_url);
  CHECK(read->crl_validity == hours{30});
  CHECK(read->required_approvals == 3);
  CHECK(read->second_opinion == x509::SecondOpinion::fields);
  CHECK(read->ca.softhsm2 == "ca");
  CHECK(read->ca.pins == written.ca.pins);
  CHECK(read->service.pins.at("leaders") == "file:service/pins/leaders.pin");
  CHECK(to_toml(*read) == to_toml(written));
}

TEST_CASE("An unknown key is refused by name and line") {
  auto read = parse_config("version = 1\nproductoin = true\n");
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == ErrorCode::invalid_argument);
  CHECK(read.error().message.find("line 2") != std::string::npos);
  CHECK(read.error().message.find("productoin") != std::string::npos);
}

TEST_CASE("A production configuration refuses a PIN file") {
  Config config = default_config();
  config.production = true;
  auto read = parse_config(to_toml(config));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == ErrorCode::permission_denied);
}

TEST_CASE("Keys in software are the CA's in a home of tests alone") {
  Config config = default_config();
  CHECK(to_toml(config).find("software") == std::string::npos);
  config.ca.software = "ca/software";
  const auto read = parse_config(to_toml(config));
  REQUIRE(read.has_value());
  CHECK(read->ca.software == "ca/software");
  CHECK(to_toml(*read) == to_toml(config));
  config.production = true;
  for (TokenHome* tokens : {&config.ca, &config.officers, &config.service})
    for (auto& [label, source] : tokens->pins) source = "prompt";
  const auto production = parse_config(to_toml(config));
  REQUIRE_FALSE(production.has_value());
  CHECK(production.error().code == ErrorCode::permission_denied);
  CHECK(production.error().message.find("refuses keys in software") != std::string::npos);
  config.ca.software.clear();
  CHECK(parse_config(to_toml(config)).has_value());
  for (const char* group : {"officers", "service", "subscribers"}) {
    const auto other =
        parse_config("version = 1\n[tokens." + std::string(group) + "]\nsofthsm2 = \"x\"\nsoftware = \"x/software\"\n");
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("A configuration with bad values is refused") {
  for (const char* text :
       {"version = 2", "", "version = 1\nproduction = 1", "version = 1\n[issuing]\nrequired_approvals = 0",
        "version = 1\n[issuing]\nsecond_opinion = \"none\"", "version = 1\n[tokens.ca]\nmax_sessions = 4",
        "version = 1\n[tokens.ca]\nsofthsm2 = \"ca\"\nmodule = \"/x.so\"",
        "version = 1\n[tokens.ca]\nsofthsm2 = \"ca\"\nmodule_arguments = \"x\"",
        "version = 1\n[tokens.ca]\nmodule = \"/x.so\"\nmodule_environment.X = 1",
        "version = 1\n[tokens.ca]\nsofthsm2 = \"ca\"\npins.root = \"1234\"",
        "version = 1\n[tokens.ca]\nsofthsm2 = \"ca\"\npins.\"pkcs11:token=root;pin-value=1\" = \"prompt\"",
        "version = 1\n[tokens.ca]\nsofthsm2 = \"ca\"\nrestored.\"1\" = 2",
        "version = ", "version = 1\n[tokens.subscribers]\nsofthsm2 = \"tray\"\npins.\"CB-1\" = \"prompt\""}) {
    INFO(text);
    auto read = parse_config(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("What another module is given names the home, wherever that is") {
  TokenHome tokens{.module = "/usr/lib/vendor.so"};
  tokens.module_arguments = "configdir='sql:{home}/a' updatedir='{home}/b'";
  tokens.module_environment["VENDOR_CONF"] = "{home}/vendor.conf";
  const auto config = module_config(Home{"/srv/antin"}, tokens).value();
  CHECK(config.arguments == "configdir='sql:/srv/antin/a' updatedir='/srv/antin/b'");
  CHECK(config.environment.at("VENDOR_CONF") == "/srv/antin/vendor.conf");
}

TEST_CASE("A home without a configuration is unavailable and says what to run") {
  TemporaryDirectory folder;
  auto read = read_config(Home{folder.path()});
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == ErrorCode::unavailable);
  CHECK(read.error().message.find("antin init") != std::string::npos);
}

TEST_CASE("The tray of subscribers' tokens is there without being named, and another one is written and read back") {
  CHECK(parse_config("version = 1").value().subscribers.softhsm2 == "subscribers");
  Config written = default_config();
  CHECK(to_toml(written).find("subscribers") == std::string::npos);
  written.subscribers.softhsm2.clear();
  written.subscribers.module = "/usr/lib/vendor.so";
  const auto read = parse_config(to_toml(written));
  REQUIRE(read.has_value());
  CHECK(read->subscribers.module == "/usr/lib/vendor.so");
  CHECK(read->subscribers.softhsm2.empty());
}

TEST_CASE("The PIN of a token that a roll-over made is found without a line in antin.toml, and not in production") {
  TemporaryDirectory folder;
  const Home home{folder / "home"};
  REQUIRE(make_directories(home.ca() / "pins").has_value());
  for (const char* name : {"party-2.pin", "party-2.so.pin", "stranger.pin", "party.pin"})
    REQUIRE(write_file(home.ca() / "pins" / name, "123456", 0600).has_value());
  Config config = default_config();
  config.ca.pins["party"] = "prompt";
  REQUIRE(write_config(home, config).has_value());
  config.ca.software = "ca/software";
  REQUIRE(make_directories(home.ca() / "software" / "pins").has_value());
  REQUIRE(write_file(home.ca() / "software" / "pins" / "root-2.pin", "123456", 0600).has_value());
  REQUIRE(write_config(home, config).has_value());
  const auto software = read_config(home);
  REQUIRE(software.has_value());
  CHECK(software->ca.pins.at("root-2") == "file:ca/software/pins/root-2.pin");
  config.ca.software.clear();
  REQUIRE(write_config(home, config).has_value());
  const auto read = read_config(home);
  REQUIRE(read.has_value());
  CHECK(read->ca.pins.at("party-2") == "file:ca/pins/party-2.pin");
  CHECK(read->ca.pins.at("party") == "prompt");
  CHECK(read->ca.pins.size() == config.ca.pins.size() + 1);
  config.production = true;
  for (TokenHome* tokens : {&config.ca, &config.officers, &config.service})
    for (auto& [label, source] : tokens->pins) source = "prompt";
  REQUIRE(write_config(home, config).has_value());
  const auto production = read_config(home);
  REQUIRE(production.has_value());
  CHECK_FALSE(production->ca.pins.contains("party-2"));
}
