// The peer of `launchgate check` for the target profiles and the evidence matrix, as a team would write it: the same schemas through ajv,
// then the ladder, the artefacts and the package scripts by hand.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createRequire } from 'node:module'

const [root, schemas, modules] = process.argv.slice(2)
const Ajv = createRequire(join(modules, 'package.json'))('ajv')
const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
const problems = []
const ajv = new Ajv({ allErrors: true, strict: false })

function validate(name, path) {
  const document = read(join(root, path))
  const check = ajv.compile(read(join(schemas, `${name}.schema.json`)))
  if (!check(document)) problems.push(...check.errors.map((error) => `${path}${error.instancePath} ${error.message}`))
  return document
}

const targets = validate('target-profiles', 'deploy/load/launch-readiness-targets.json')
const matrix = validate('evidence-matrix', 'deploy/load/launch-evidence-matrix.json')
const record = validate('evidence-record', 'deploy/private-beta/launch-evidence-record.template.json')
const { scripts } = validate('package-scripts', 'package.json')

const profiles = Object.values(targets.profiles)
for (let i = 1; i < profiles.length; i += 1) {
  for (const [key, value] of Object.entries(profiles[i].capacityTargets)) {
    if (value < profiles[i - 1].capacityTargets[key]) problems.push(`${key} shrinks`)
  }
  for (const [key, value] of Object.entries(profiles[i].thresholds)) {
    if (value > profiles[i - 1].thresholds[key]) problems.push(`${key} loosens`)
  }
}
for (const part of [...Object.values(matrix.evidenceCategories), ...Object.values(matrix.privateBetaEvidenceItems.items)]) {
  for (const path of part.publicArtifacts) {
    if (!statSync(join(root, path), { throwIfNoEntry: false })?.isFile()) problems.push(`${path} is missing`)
  }
  for (const command of part.requiredCommands) {
    const name = /^pnpm (?:run )?(\S+)/.exec(command)?.[1]
    if (name && !scripts[name]) problems.push(`${command} names no script`)
  }
}
if (record.requiredEvidence.length !== Object.keys(matrix.privateBetaEvidenceItems.items).length) problems.push('items differ')
console.log(problems.length ? problems.join('\n') : 'ok')
process.exit(problems.length ? 1 : 0)
