// The jobs on graphile-worker, with the settings that its documentation measures its throughput with: a local queue of
// 500, and the completion of jobs in batches, without a delay.
import { makeWorkerUtils, run, Logger } from 'graphile-worker'
import { begin, makeTable, newPool, pool, serve, work, workers } from './jobs.mjs'

const pgPool = newPool()
const utils = await makeWorkerUtils({ pgPool })
await utils.migrate()
await makeTable()
await run({
  logger: new Logger(() => () => {}),
  noHandleSignals: true,
  taskList: { like: work },
  pgPool,
  preset: {
    worker: {
      concurrentJobs: Number(workers),
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0
    }
  }
})

const add = name =>
  pool.query({
    name: 'add',
    text: `WITH job AS (SELECT graphile_worker.add_job('like', json_build_object('name', $1::text)))
           INSERT INTO like_entry (job, seq, entry) SELECT $1, 0, $2 FROM job`,
    values: [name, JSON.stringify(begin(name))]
  })
await serve(add, 'SELECT 1 FROM graphile_worker.jobs LIMIT 1')
