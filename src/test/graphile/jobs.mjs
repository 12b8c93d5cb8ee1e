// The like job of a run, on graphile-worker: see ComparisonBenchmark. Does what it reads, a line at a
// time: `round <name> <jobs>` answers with the jobs a second, `alone <jobs>` with the milliseconds from
// adding a job to its request, one after the other.
import fs from 'node:fs'
import http from 'node:http'
import readline from 'node:readline'
import pg from 'pg'
import { makeWorkerUtils, run, Logger } from 'graphile-worker'

const [connectionString, model, file, callers, workers] = process.argv.slice(2)
const pgPool = new pg.Pool({ connectionString, max: 24 })
pgPool.on('error', () => {})
pgPool.on('connect', client => client.on('error', () => {}))
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })
const request = JSON.parse(fs.readFileSync(file, 'utf8'))
const asked = new Map()
let ended = 0

const ask = name =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ ...request, messages: [{ role: 'user', content: name }] })
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
    const asking = http.request(model, { method: 'POST', agent, headers }, answer => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', piece => (text += piece))
      answer.on('end', () => resolve(JSON.parse(text).choices[0].message))
    })
    asking.on('error', reject)
    asking.end(body)
  })

// As many rows as a run has: the job, what it begins with, what it ends with. Each step is committed.
const write = (name, seq, entry) =>
  pgPool.query('INSERT INTO like_entry (job, seq, entry) VALUES ($1, $2, $3)', [name, seq, entry])

const work = async payload => {
  asked.set(payload.name, performance.now())
  const message = await ask(payload.name)
  await write(payload.name, 1, JSON.stringify(message))
  ended++
}

const add = name =>
  pgPool.query(
    `WITH job AS (SELECT graphile_worker.add_job('like', json_build_object('name', $1::text)))
     INSERT INTO like_entry (job, seq, entry) SELECT $1, 0, $2 FROM job`,
    [name, JSON.stringify({ role: 'user', content: name })])

const round = async (name, count) => {
  const start = performance.now()
  ended = 0
  let next = 0
  const caller = async () => {
    while (next < count) await add(`${name}-${next++}`)
  }
  await Promise.all(Array.from({ length: Number(callers) }, caller))
  while (true) {
    const left = await pgPool.query('SELECT 1 FROM graphile_worker.jobs LIMIT 1')
    if (ended === count && left.rowCount === 0) break
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  return (1000 * count) / (performance.now() - start)
}

const alone = async count => {
  const took = []
  for (let i = 0; i < count; i++) {
    const start = performance.now()
    await round(`alone-${i}`, 1)
    took.push(asked.get(`alone-${i}-0`) - start)
  }
  return took.sort((a, b) => a - b)
}

const utils = await makeWorkerUtils({ pgPool })
await utils.migrate()
await pgPool.query(
  'CREATE TABLE like_entry (job text, seq int, entry text NOT NULL, PRIMARY KEY (job, seq))')
const logger = new Logger(() => () => {})
const runner = await run({
  pgPool, logger, concurrency: Number(workers), noHandleSignals: true, taskList: { like: work } })
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [what, ...with_] = line.split(' ')
  if (what === 'round') {
    console.log(await round(with_[0], Number(with_[1])))
  } else if (what === 'alone') {
    const took = await alone(Number(with_[0]))
    console.log(took.join(' '))
  }
}
await runner.stop()
await utils.release()
await pgPool.end()
process.exit(0)
