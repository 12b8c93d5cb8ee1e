// What the jobs of ComparisonBenchmark are on queues of Node.js: asking the model until it has no more tool calls, and
// a row for what a job begins with and for what each step results in, each committed before the next step. Reads
// orders, a line each, and answers each with a line; see Jobs.java.
import fs from 'node:fs'
import http from 'node:http'
import readline from 'node:readline'
import pg from 'pg'

export const [connectionString, model, file, callers, workers] = process.argv.slice(2)
const request = JSON.parse(fs.readFileSync(file, 'utf8'))
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(workers), noDelay: true })
let ended = 0

/** As many connections as the service has. */
export const newPool = () => {
  const pool = new pg.Pool({ connectionString, max: 24 })
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}

const pool = newPool()

const ask = messages =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ ...request, messages })
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

const calculate = text => {
  const [a, operator, b] = JSON.parse(text).expression.split(' ')
  if (operator !== '*') throw new Error(operator)
  return String(Number(a) * Number(b))
}

const write = (name, seq, entry) =>
  pool.query({
    name: 'entry',
    text: 'INSERT INTO like_entry (job, seq, entry) VALUES ($1, $2, $3)',
    values: [name, seq, JSON.stringify(entry)]
  })

/** What a job begins with. */
export const begin = name => ({ role: 'user', content: 'This is ' + name })

/** Works a job. */
export const work = async ({ name }) => {
  const messages = [begin(name)]
  while (true) {
    const answer = await ask(messages)
    await write(name, messages.length, answer)
    messages.push(answer)
    if (!answer.tool_calls) break
    for (const call of answer.tool_calls) {
      const result =
        { role: 'tool', tool_call_id: call.id, content: calculate(call.function.arguments) }
      await write(name, messages.length, result)
      messages.push(result)
    }
  }
  ended++
}

const now = () => Number(process.hrtime.bigint())

/**
 * Does what it is ordered until there are no more orders.
 *
 * @param add adds a job of that name, with what it begins with
 * @param left the query that has rows while there are jobs
 */
export const serve = async (add, left) => {
  const end = async count => {
    while (ended < count || (await pool.query(left)).rowCount > 0) {
      await new Promise(resolve => setTimeout(resolve, 1))
    }
  }
  const round = async (name, count) => {
    const start = now()
    ended = 0
    let next = 0
    const caller = async () => {
      while (next < count) await add(`${name}-${next++}`)
    }
    await Promise.all(Array.from({ length: Number(callers) }, caller))
    await end(count)
    return (now() - start) / 1e9
  }
  const alone = async (name, count) => {
    const starts = []
    for (let i = 0; i < count; i++) {
      ended = 0
      starts.push(now())
      await add(`${name}-${i}`)
      await end(1)
    }
    return starts.join(' ')
  }
  const paced = async (name, count, rate) => {
    ended = 0
    const start = now()
    const due = Array.from({ length: count }, (_, i) => Math.round(start + (i / rate) * 1e9))
    const adding = []
    while (adding.length < count) {
      while (adding.length < count && due[adding.length] <= now()) {
        adding.push(add(`${name}-${adding.length}`))
      }
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    await Promise.all(adding)
    await end(count)
    return due.join(' ')
  }
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [what, name, count, rate] = line.split(' ')
    const orders = { round, alone, paced }
    console.log(String(await orders[what](name, Number(count), Number(rate))))
  }
  process.exit(0)
}

/** Makes the table of what jobs begin with and of what their steps result in. */
export const makeTable = () =>
  pool.query('CREATE TABLE like_entry (job text, seq int, entry text NOT NULL, PRIMARY KEY (job, seq))')

export { pool }
