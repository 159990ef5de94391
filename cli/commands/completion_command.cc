// `antin completion bash|zsh|fish`: written from the tree of commands itself, so that it never falls behind.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/command.h"

namespace antin::commands {
namespace {

struct Node {
  std::string path;   // `antin roster issue`
  std::string words;  // what may follow
};

void collect(const Command& command, const std::string& path, std::vector<Node>& into) {
  std::string words;
  for (const Command& sub : command.commands()) words += sub.name() + " ";
  for (const std::string& name : command.long_options()) words += " --" + name;
  into.push_back({path, words});
  for (const Command& sub : command.commands()) collect(sub, path + " " + sub.name(), into);
}

std::string bash(const std::vector<Node>& nodes) {
  std::string out = "_antin() {\n  local word path=antin words=\"\"\n  local current=${COMP_WORDS[COMP_CWORD]}\n";
  out += "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    case \"$path $word\" in\n";
  for (const Node& node : nodes) {
    if (node.path != "antin") out += "      \"" + node.path + "\") path=\"$path $word\" ;;\n";
  }
  out += "    esac\n  done\n  case \"$path\" in\n";
  for (const Node& node : nodes) out += "    \"" + node.path + "\") words=\"" + node.words + "\" ;;\n";
  out += "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n";
  out += "  [[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- \"$current\"))\n}\n";
  return out + "complete -o filenames -F _antin antin\n";
}

std::string fish(const std::vector<Node>& nodes) {
  std::string out;
  for (const Node& node : nodes) {
    std::string rest = node.path.size() > 6 ? node.path.substr(6) : "";
    std::string condition = rest.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from";
    for (std::size_t at = 0; at < rest.size();) {
      const std::size_t end = std::min(rest.find(' ', at), rest.size());
      if (at != 0) condition += "; and __fish_seen_subcommand_from";
      condition += " " + rest.substr(at, end - at);
      at = end + 1;
    }
    out += "complete -c antin -n '" + condition + "' -a '" + node.words + "'\n";
  }
  return out;
}

}  // namespace

void add_completion(Command antin) {
  struct Options {
    std::string shell;
  };
  add_command<Options>(
      antin, "completion", "completion",
      [](Command command, Options& options) {
        command.operand("SHELL", options.shell, "completion.shell").required().one_of({"bash", "zsh", "fish"});
      },
      [antin](Session& session, const Options& options) -> Result<ExitCode> {
        std::vector<Node> nodes;
        collect(antin, "antin", nodes);
        std::string script = options.shell == "fish" ? fish(nodes) : bash(nodes);
        if (options.shell == "zsh") script.insert(0, "autoload -U +X bashcompinit && bashcompinit\n");
        if (session.json)
          session.print({{"shell", options.shell}, {"script", script}});
        else
          session.out() << script;
        return exit_done;
      });
}

}  // namespace antin::commands
