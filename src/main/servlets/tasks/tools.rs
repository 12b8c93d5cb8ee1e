//! What the tools promise, and how each becomes one request to the host.

use crate::json::{self, Value};
use crate::tool::{excerpt, Answer, Call};

pub const DESCRIPTION: &str = r#"{"tools":[{"name":"list","description":"Lists the tasks of this profile with their prompts and models, and whether each is enabled.","inputSchema":{"type":"object","properties":{},"additionalProperties":false}},{"name":"create","description":"Registers a task in this profile, or replaces one that this tool created: a prompt that can be run later, as often as wanted. It uses the model's server and the key of the task that this run belongs to.","inputSchema":{"type":"object","properties":{"task":{"type":"string","description":"The task's name: 1 to 128 of A-Z, a-z, 0-9, '.', '_', '~' and '-'.","minLength":1,"maxLength":128},"prompt":{"type":"string","description":"What the model is asked. {{ name }} stands for the parameter of that name, which each run then has to give.","minLength":1},"model":{"type":"string","description":"The model; by default that of this run's task."}},"required":["task","prompt"],"additionalProperties":false}},{"name":"run","description":"Starts a run of a task and returns at once; wait tells what came of it.","inputSchema":{"type":"object","properties":{"task":{"type":"string","description":"The task's name."},"run":{"type":"string","description":"A name for the run. A name that is known starts nothing and returns that run; without one, the run gets a name of its own."},"parameters":{"type":"object","description":"What the names in the prompt stand for."}},"required":["task"],"additionalProperties":false}},{"name":"wait","description":"Waits for a run to end, for 10 seconds at most, and returns its status and, where it has ended, its output or error. Call it again while the status is pending or running.","inputSchema":{"type":"object","properties":{"task":{"type":"string","description":"The task's name."},"run":{"type":"string","description":"The run's name."},"seconds":{"type":"integer","description":"How long to wait at most.","minimum":0,"maximum":10,"default":10}},"required":["task","run"],"additionalProperties":false}},{"name":"schedule","description":"Has a task run by the clock: give one of cron, every and at. A schedule of that name is replaced.","inputSchema":{"type":"object","properties":{"task":{"type":"string","description":"The task's name."},"schedule":{"type":"string","description":"A name for the schedule, 1 to 64 characters."},"cron":{"type":"string","description":"Five fields: minute, hour, day of the month, month, day of the week; or @hourly, @daily and the like."},"every":{"type":"string","description":"An ISO 8601 duration, such as PT15M."},"at":{"type":"string","description":"One time, such as 2027-01-01T09:00:00Z."},"timezone":{"type":"string","description":"An IANA zone, such as Europe/Berlin; UTC by default."},"parameters":{"type":"object","description":"What the names in the prompt stand for."}},"required":["task","schedule"],"additionalProperties":false}}]}"#;

/// The host answers for this name itself, and for no other servlet.
const HOST: &str = "http://errand.internal/";

const TOOLS: [(&str, &[&str]); 5] = [
    ("list", &[]),
    ("create", &["task", "prompt", "model"]),
    ("run", &["task", "run", "parameters"]),
    ("wait", &["task", "run", "seconds"]),
    ("schedule", &["task", "schedule", "cron", "every", "at", "timezone", "parameters"]),
];

/// Sends what a tool is to do, as a request and its body, and passes on the status and body that come back.
pub fn run(call: &Call, send: impl Fn(&str, &str) -> (u32, Vec<u8>)) -> Answer {
    let Some((tool, known)) = TOOLS.iter().find(|(name, _)| *name == call.tool) else {
        let names: Vec<&str> = TOOLS.iter().map(|(name, _)| *name).collect();
        return Err(format!("There is no tool {} here; there are {}.", excerpt(&call.tool, 60), names.join(", ")));
    };
    call.arguments.only(known)?;
    let mut body = String::from("{");
    for name in *known {
        if let Some(value) = call.arguments.get(name) {
            if body.len() > 1 {
                body.push(',');
            }
            json::quote(name, &mut body);
            body.push(':');
            json::write(value, &mut body);
        }
    }
    body.push('}');
    let request = format!(
        "{{\"url\":\"{HOST}{tool}\",\"method\":\"POST\",\"headers\":{{\"content-type\":\"application/json\"}}}}"
    );
    let (status, body) = send(&request, &body);
    let text = String::from_utf8_lossy(&body).into_owned();
    if (200..300).contains(&status) {
        return Ok(text);
    }
    match json::parse(&body) {
        // A problem document says in its detail what to do.
        Ok(problem) => Err(problem.get("detail").and_then(Value::as_str).unwrap_or(&text).to_string()),
        Err(_) => Err(format!("The request was answered with status {status}.")),
    }
}
