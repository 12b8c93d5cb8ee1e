//! What the tool promises, and its answers.

use crate::expression;
use crate::tool::{Answer, Call};

const DEFAULT_SCALE: usize = 34;

pub const DESCRIPTION: &str = r#"{"tools":[{"name":"calculate","description":"Calculates an arithmetic expression exactly, with decimal numbers of any size: 0.1 + 0.2 is 0.3. The first line of the answer is the number; a second line says so if it was rounded.","inputSchema":{"type":"object","properties":{"expression":{"type":"string","description":"The expression, such as \"(1 + 2) * 3.5 / 7\". Numbers: 12, 0.5, 1e-3, without separators. Operators: + - * / ^ (integer exponents; ** is the same; 0^0 is 1) and % (the remainder, with the sign of the dividend: -7 % 3 is -1; it is not a percentage, write 15/100). -2^2 is -4, 2^3^2 is 2^9. Functions: abs(x), floor(x), ceil(x), round(x, digits) (half to even, so round(2.5) is 2; digits is 0 if left out, negative rounds to tens), sqrt(x), and min, max and sum of one or more numbers.","maxLength":10000},"scale":{"type":"integer","description":"Round the result to at most this many digits after the point, half to even. Without it a result that ends is given in full, and one that does not, such as 1/3, to 34 digits.","minimum":0,"maximum":100}},"required":["expression"],"additionalProperties":false}}]}"#;

pub fn run(call: &Call) -> Answer {
    if call.tool != "calculate" {
        return Err(format!("There is no tool {} here; the only one is calculate.", call.tool));
    }
    let arguments = &call.arguments;
    arguments.only(&["expression", "scale"])?;
    let expression = arguments.required_string("expression")?;
    let scale = arguments.integer("scale", 0, 100)?.map(|scale| scale as usize);
    calculate(expression, scale)
}

pub fn calculate(expression: &str, scale: Option<usize>) -> Answer {
    let (value, mut work) = expression::evaluate(expression, scale.unwrap_or(0).max(DEFAULT_SCALE))?;
    let (text, rounded) = value.show(scale, DEFAULT_SCALE, &mut work)?;
    Ok(match rounded {
        None => text,
        Some(0) => format!("{text}\n(rounded half to even to an integer)"),
        Some(1) => format!("{text}\n(rounded half to even to 1 digit after the point)"),
        Some(digits) => format!("{text}\n(rounded half to even to {digits} digits after the point)"),
    })
}
