// The jobs on pg-boss: woken by notifications, as its documentation has it for low latency, and fetching in batches
// without a pause while they come full. Each of eight workers works a batch of eight at once, and completes each.
import { PgBoss } from 'pg-boss'
import { begin, connectionString, makeTable, pool, serve, work, workers } from './jobs.mjs'

const BATCH = Number(process.env.BATCH ?? 8)

await makeTable()
const boss = new PgBoss({ connectionString, max: 24, useListenNotify: true })
boss.on('error', error => console.error(error))
await boss.start()
await boss.createQueue('like', { notify: true })
await boss.work(
  'like',
  {
    localConcurrency: Number(workers) / BATCH,
    batchSize: BATCH,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 0.5
  },
  jobs => Promise.all(jobs.map(job => work(job.data)))
)

// The job and what it begins with are one transaction, as they are elsewhere.
const add = async name => {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await boss.send('like', { name }, { db: { executeSql: (text, values) => client.query(text, values) } })
    await client.query({
      name: 'begin',
      text: 'INSERT INTO like_entry (job, seq, entry) VALUES ($1, 0, $2)',
      values: [name, JSON.stringify(begin(name))]
    })
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}
await serve(add, "SELECT 1 FROM pgboss.job WHERE state < 'completed' LIMIT 1")
