#include <fmt/format.h>

#include <algorithm>

#include "lib/base/rfc3339.hpp"
#include "lib/document/json_writer.hpp"
#include "load/emit/job.hpp"

namespace launchgate::load {

namespace {

// A flow scalar: every JSON string is one of YAML 1.2.
std::string quoted(const std::string& text) { return document::json_quoted(text); }

// A text as it is, in a block where a block can hold it.
std::string block(const std::string& text, std::size_t indent) {
  const bool plain = !text.empty() && !text.ends_with("\n\n") && text.find_first_of("\r\t") == std::string::npos &&
                     text.front() != ' ' && text.front() != '\n';
  if (!plain) return quoted(text) + "\n";
  std::string out = text.ends_with('\n') ? "|\n" : "|-\n";
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) out += std::string(indent, ' ') + text.substr(begin, end - begin);
    out += '\n';
    begin = end + 1;
  }
  return out;
}

std::string pod(const Job& job, const std::string& role, const std::vector<std::string>& arguments,
                std::uint64_t milli_cpu, std::uint64_t mebibytes) {
  std::string out = fmt::format(
      "  template:\n"
      "    metadata:\n"
      "      labels: {{app.kubernetes.io/name: launchgate-load, app.kubernetes.io/instance: {0}, "
      "app.kubernetes.io/component: {1}}}\n"
      "    spec:\n"
      "      restartPolicy: Never\n"
      "      automountServiceAccountToken: false\n"
      "      securityContext:\n"
      "        runAsNonRoot: true\n"
      "        runAsUser: 65532\n"
      "        runAsGroup: 65532\n"
      "        fsGroup: 65532\n"
      "        seccompProfile: {{type: RuntimeDefault}}\n",
      job.name, role);
  if (role == "segment") {
    out += fmt::format(
        "      affinity:\n"
        "        podAntiAffinity:\n"
        "          preferredDuringSchedulingIgnoredDuringExecution:\n"
        "            - weight: 100\n"
        "              podAffinityTerm:\n"
        "                topologyKey: kubernetes.io/hostname\n"
        "                labelSelector:\n"
        "                  matchLabels: {{app.kubernetes.io/instance: {}, app.kubernetes.io/component: segment}}\n",
        job.name);
  }
  out += fmt::format(
      "      containers:\n"
      "        - name: launchgate-load\n"
      "          image: launchgate:{}  # packaging/Containerfile\n"
      "          command: [/launchgate-load]\n"
      "          args:\n",
      job.version);
  for (const std::string& argument : arguments) out += "            - " + quoted(argument) + "\n";
  out += fmt::format(
      "          resources:\n"
      "            requests: {{cpu: {0}m, memory: {1}Mi}}\n"
      "            limits: {{memory: {2}Mi}}\n"
      "          securityContext:\n"
      "            allowPrivilegeEscalation: false\n"
      "            readOnlyRootFilesystem: true\n"
      "            capabilities: {{drop: [ALL]}}\n"
      "          volumeMounts:\n"
      "            - {{name: parts, mountPath: /parts}}\n",
      milli_cpu, mebibytes, mebibytes * 2);
  const bool tokens = role == "segment" && !job.tokens.empty();
  if (role == "segment") out += "            - {name: inputs, mountPath: /inputs, readOnly: true}\n";
  if (tokens) out += "            - {name: tokens, mountPath: /tokens, readOnly: true}\n";
  out += fmt::format(
      "      volumes:\n"
      "        - name: parts\n"
      "          persistentVolumeClaim: {{claimName: {}}}\n",
      job.name);
  if (role == "segment") out += fmt::format("        - name: inputs\n          configMap: {{name: {}}}\n", job.name);
  if (tokens)
    out += fmt::format(
        "        - name: tokens\n          secret: {{secretName: {}-tokens, defaultMode: 288}}  # 0440\n", job.name);
  return out;
}

std::string job_head(const Job& job, const std::string& suffix) {
  return fmt::format(
      "---\n"
      "apiVersion: batch/v1\n"
      "kind: Job\n"
      "metadata:\n"
      "  name: {0}{1}\n"
      "  labels: {{app.kubernetes.io/name: launchgate-load, app.kubernetes.io/instance: {0}}}\n"
      "spec:\n",
      job.name, suffix);
}

}  // namespace

std::string kubernetes_manifest(const Job& job) {
  std::string out = fmt::format(
      "# Runs {} in {} segments as an Indexed Job and merges what they leave, made by launchgate-load {}.\n",
      job.profile_name, job.segments, job.version);
  if (!job.tokens.empty()) {
    out += fmt::format(
        "# The tokens come from files, and are in no manifest:\n#   kubectl create secret generic {}-tokens", job.name);
    for (const std::string& token : job.tokens) out += fmt::format(" --from-file={}=FILE", token);
    out += '\n';
  }
  out += fmt::format(
      "#   kubectl apply -f {0}-kubernetes.yaml\n"
      "#   kubectl wait --for=condition=complete --timeout={1}s job/{0}\n"
      "#   kubectl patch job {0}-merge --type=strategic -p '{{\"spec\":{{\"suspend\":false}}}}'\n"
      "#   kubectl logs -f job/{0}-merge\n"
      "# A second run needs the Jobs deleted first, and an empty volume.\n",
      job.name, job.seconds + 600);
  out += fmt::format(
      "---\n"
      "apiVersion: v1\n"
      "kind: ConfigMap\n"
      "metadata:\n"
      "  name: {}\n"
      "data:\n"
      "  targets.json: {}"
      "  operations.json: {}",
      job.name, block(job.targets, 4), block(job.catalogue, 4));
  out += fmt::format(
      "---\n"
      "# Where segments leave their parts: a volume that several nodes can write to. Without one, give each pod an "
      "emptyDir\n"
      "# and a second container that copies /parts/*.part.json to an object store, and merge them from there.\n"
      "apiVersion: v1\n"
      "kind: PersistentVolumeClaim\n"
      "metadata:\n"
      "  name: {}\n"
      "spec:\n"
      "  accessModes: [ReadWriteMany]\n"
      "  resources: {{requests: {{storage: 1Gi}}}}\n",
      job.name);
  std::vector<std::string> arguments = {"--targets=/inputs/targets.json", "--operations=/inputs/operations.json"};
  for (const std::string& token : job.tokens) arguments.push_back(fmt::format("--{0}-file=/tokens/{0}", token));
  arguments.insert(arguments.end(), job.arguments.begin(), job.arguments.end());
  arguments.push_back(fmt::format("--segments={}", job.segments));
  if (job.start_at_ms) arguments.push_back("--start-at=" + base::format_date_time_ms(*job.start_at_ms));
  arguments.emplace_back("--output-dir=/parts");
  out += job_head(job, "");
  if (!job.start_at_ms)
    out +=
        "  # Give --start-at=TIME among the arguments, so that pods which are scheduled later begin with the first.\n";
  // A pod that failed is not tried again: its part would be a second one, of another time.
  out += fmt::format(
      "  completionMode: Indexed\n"
      "  completions: {0}\n"
      "  parallelism: {0}\n"
      "  backoffLimit: 0\n"
      "  activeDeadlineSeconds: {1}\n",
      job.segments, job.seconds + 600);
  out += pod(job, "segment", arguments, job.milli_cpu, job.mebibytes);
  out += job_head(job, "-merge");
  out += "  suspend: true  # until the segments have ended\n  backoffLimit: 0\n";
  out += pod(job, "merge", {"--merge", "/parts", "--allow-missing", "--output-dir=/parts"}, 500, 256);
  return out;
}

}  // namespace launchgate::load
