use std::time::{Duration, Instant};

use crate::pdk::json;
use crate::natural::{Natural, Work};
use crate::tool;
use crate::tools::{calculate, run, DESCRIPTION};

#[track_caller]
fn check(expression: &str, expected: &str) {
    assert_eq!(calculate(expression, None).as_deref(), Ok(expected), "{expression}");
}

#[track_caller]
fn scaled(expression: &str, scale: usize, expected: &str) {
    let answer = calculate(expression, Some(scale)).unwrap();
    assert_eq!(answer.lines().next(), Some(expected), "{expression}");
}

#[track_caller]
fn refused(expression: &str, part: &str) {
    let error = calculate(expression, None).expect_err(expression);
    assert!(error.contains(part), "{expression}: {error}");
}

#[test]
fn exact_sums_and_products() {
    check("0.1 + 0.2", "0.3");
    check("1.10+2.20", "3.3");
    check("1 - 0.9", "0.1");
    check("-0.5 - .5", "-1");
    check("3 - 3.0", "0");
    check("-0", "0");
    check("0 * -5", "0");
    check("99999999999999999999 * 99999999999999999999", "9999999999999999999800000000000000000001");
    check("123456789.123456789 * 1000000000", "123456789123456789");
    check("1e3 + 1E-3 + 2e+1", "1020.001");
    check("0e999999999", "0");
    check("000123.4500", "123.45");
    check("1000000000 - 1", "999999999");
    check("1e18 - 1e9 + 1", "999999999000000001");
}

#[test]
fn order_of_operations() {
    check("1 + 2 * 3", "7");
    check("(1 + 2) * 3", "9");
    check("2 ^ 3 ^ 2", "512");
    check("2 ** 10", "1024");
    check("-2 ^ 2", "-4");
    check("(-2) ^ 2", "4");
    check("2 ^ -2", "0.25");
    check("2 ^ -2 ^ 2", "0.0625");
    check("2 * -3", "-6");
    check("--3", "3");
    check("-+-3", "3");
    check("10 - 4 - 3", "3");
    check("100 / 10 / 5", "2");
    check("2 * 3 % 4", "2");
    check("-2 * 3", "-6");
    check("6 ÷ 2 × 3 − 1", "8");
    check("2 ^ 3 * 4", "32");
    check("-2 ^ 2 * 3 + 1", "-11");
}

#[test]
fn division() {
    check("1 / 8", "0.125");
    check("10 / 4", "2.5");
    check("0.3 / 0.1", "3");
    check("0.1 / 0.3 * 3", "1");
    check("1 / 3 * 3", "1");
    check("1/3 + 1/6", "0.5");
    check("1 / 3", "0.3333333333333333333333333333333333\n(rounded half to even to 34 digits after the point)");
    check("-2 / 3", "-0.6666666666666666666666666666666667\n(rounded half to even to 34 digits after the point)");
    check(
        "1 / 3e40",
        "0.00000000000000000000000000000000000000003333333333333333333333333333333333\n(rounded half to even to 74 digits after the point)",
    );
    scaled("2 / 3", 2, "0.67");
    scaled("1 / 8", 2, "0.12");
    scaled("3 / 8", 2, "0.38");
    scaled("5 / 2", 0, "2");
    scaled("7 / 2", 0, "4");
    scaled("-5 / 2", 0, "-2");
    scaled("1 / 3", 100, &format!("0.{}", "3".repeat(100)));
    scaled("100 / 3 * 3", 2, "100");
    scaled("-1 / 1000", 2, "0");
    check("1e20 / 7e-3", "14285714285714285714285.7142857142857142857142857142857143\n(rounded half to even to 34 digits after the point)");
    refused("1 / 0", "At character 3 of the expression: Division by zero");
    refused("1 % (2 - 2)", "Division by zero");
    refused("0 ^ -1", "Division by zero");
}

#[test]
fn remainders() {
    check("7 % 3", "1");
    check("-7 % 3", "-1");
    check("7 % -3", "1");
    check("7.5 % 2", "1.5");
    check("1 % 0.1", "0");
    check("1 % (1/3)", "0");
    check("(1/2) % (1/3) * 6", "1");
    check("2 % 5", "2");
}

#[test]
fn functions() {
    check("abs(-3.5)", "3.5");
    check("floor(-1.5)", "-2");
    check("floor(1.5)", "1");
    check("ceil(-1.5)", "-1");
    check("ceil(1.2)", "2");
    check("ceil(1/3)", "1");
    check("floor(-1/3)", "-1");
    check("floor(7)", "7");
    check("round(2.5)", "2");
    check("round(3.5)", "4");
    check("round(-2.5)", "-2");
    check("round(2.345, 2)", "2.34");
    check("round(2.3451, 2)", "2.35");
    check("round(2/3, 3)", "0.667");
    check("round(1250, -2)", "1200");
    check("round(1350, -2)", "1400");
    check("round(49, -2)", "0");
    check("round(99.99, 1)", "100");
    check("round(1.5, 10000)", "1.5");
    check("min(3, 1, 2)", "1");
    check("max(3, 1/3, 10/3) * 3", "10");
    check("sum(1, 2, 3.5)", "6.5");
    check("sum(1/3, 1/3, 1/3)", "1");
    check("min(4)", "4");
    check("max(-1, -2)", "-1");
    check("max( abs(-1) , min(5,2) )", "2");
    refused("round(1, 0.5)", "round takes an integer");
    refused("round(1, 10001)", "round takes an integer");
    refused("round(1, 2, 3)", "round takes no more than 2");
    refused("abs(1, 2)", "abs takes no more than 1");
    refused("abs()", "expected a number");
    refused("sum(1 2)", "expected an operator, a comma or ), found '2'");
}

#[test]
fn roots() {
    check("sqrt(16)", "4");
    check("sqrt(0.25)", "0.5");
    check("sqrt(2.25)", "1.5");
    check("sqrt(0.4) ^ 0", "1");
    check("sqrt(4/9) * 3", "2");
    check("sqrt(0)", "0");
    check("sqrt(1e100)", &format!("1{}", "0".repeat(50)));
    check("sqrt(12345678987654321)", "111111111");
    check("sqrt(2)", "1.4142135623730950488016887242096981\n(rounded half to even to 34 digits after the point)");
    check("sqrt(0.1)", "0.3162277660168379331998893544432719\n(rounded half to even to 34 digits after the point)");
    check("sqrt(2) * sqrt(2)", "2\n(rounded half to even to 34 digits after the point)");
    check("round(sqrt(2), 3)", "1.414");
    scaled("sqrt(3)", 5, "1.73205");
    scaled("sqrt(1/3)", 10, "0.5773502692");
    scaled("sqrt(2e-60)", 40, "0.0000000000000000000000000000014142135624");
    refused("sqrt(-1)", "negative");
}

#[test]
fn powers() {
    check("2 ^ 100", "1267650600228229401496703205376");
    check("1.5 ^ 2", "2.25");
    check("0.1 ^ 20", "0.00000000000000000001");
    check("(2/3) ^ 3 * 27", "8");
    check("(2/3) ^ -1 * 2", "3");
    check("0 ^ 0", "1");
    check("0 ^ 5", "0");
    check("1 ^ 1e30", "1");
    check("(-1) ^ (1e30 + 1)", "-1");
    check("0 ^ 1e30", "0");
    check("4 ^ 0.5 ^ 0", "4");
    refused("2 ^ 0.5", "exponent must be an integer");
    refused("9^9^9", "more than 10000 digits");
    refused("9^9^9^9^9", "more than 10000 digits");
    refused("2^1e30", "more than 10000 digits");
    refused("0.5^100000", "more than 10000 digits");
    refused("10^10000", "more than 10000 digits");
    assert_eq!(calculate("10^9999", None).unwrap().len(), 10_000);
    assert_eq!(calculate("9^10000", None).unwrap().len(), 9543);
    assert_eq!(calculate("2^-10000", None).unwrap().len(), 10_002);
    refused("1e10000", "more than 10000 digits");
    refused("1e-10001", "more than 10000 digits");
    refused("1e99999999999999999999", "more than 10000 digits");
}

#[test]
fn errors_say_where_and_what() {
    refused("", "At character 1 of the expression: expected a number, a function or (, but the expression ends");
    refused("   ", "but the expression ends");
    refused("1 +", "At character 4 of the expression: expected a number");
    refused("1 + * 2", "At character 5 of the expression: expected a number, a function or (, found '*'");
    refused("(1 + 2", "expected an operator or ), but the expression ends");
    refused("1 + 2)", "At character 6 of the expression: a ) that no ( belongs to");
    refused("2 (3)", "At character 3 of the expression: expected an operator or the end, found '('");
    refused("1 2", "found '2'");
    refused("1.", "a digit after the point");
    refused(".", "a digit after the point");
    refused("1.2.3", "without separators");
    refused("1_000", "without separators");
    refused("1,000", "without separators");
    refused("1e", "a digit of the exponent");
    refused("foo(1)", "At character 1 of the expression: foo is not known; there are abs, ceil");
    refused("1 + pi", "At character 5 of the expression: pi is not known");
    refused("sqrt 2", "expected ( after sqrt");
    refused("15%", "but the expression ends");
    refused("1 = 1", "found '='");
    refused("١ + 1", "expected a number");
    refused("\u{0}", "found '\\0'");
    refused("😀", "At character 1");
    refused("é + 1", "é is not known");
}

#[test]
fn bounds() {
    refused(&"1".repeat(10_001), "10001 characters");
    assert!(calculate(&"1".repeat(10_000), None).is_ok());
    let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    check(&nested(200), "1");
    refused(&nested(201), "nested more than 200 deep");
    refused(&nested(4999), "nested more than 200 deep");
    refused(&"-".repeat(9000), "nested more than 200 deep");
    refused(&"abs(".repeat(2000), "nested more than 200 deep");
    refused(&format!("2{}", "^1".repeat(4000)), "nested more than 200 deep");
    check(&format!("0{}", "+1".repeat(4999)), "4999");
    check(&format!("sum(0{})", ",1".repeat(4000)), "4000");
}

#[test]
fn hostile_expressions_end_soon() {
    let hostile = [
        format!("0{}", "+9^9999%7".repeat(1000)),
        format!("1{}", "/3^9999*7^9999".repeat(700)),
        format!("0{}", "+1/7^9999".repeat(1000)),
        (1..1500).map(|n| format!("1/{}", 100_000 + n)).collect::<Vec<_>>().join("+").chars().take(9990).collect::<String>(),
        format!("sqrt(2^33000+1){}", "+sqrt(3^9999+1)".repeat(600)),
        "(9^9999/7^9999)^2".to_string(),
        format!("max(0{})", ",1/7^99".repeat(1300)),
        format!("0{}", "+1e-9999+1e9999".repeat(600)),
        format!("1{}", "*1.1".repeat(2400)),
        format!("1{}", "/2^9999*2^9999".repeat(600)),
    ];
    for expression in hostile {
        let start = Instant::now();
        let _ = calculate(&expression, Some(100));
        assert!(start.elapsed() < Duration::from_secs(10), "{}", &expression[..40]);
    }
}

#[test]
fn natural_numbers_divide_as_they_multiply() {
    let mut state = 7u64;
    let mut random = |digits: usize| {
        let text: String = (0..digits)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                // Many nines and zeros, where the guesses of a division go wrong.
                match state >> 61 {
                    0..=2 => '9',
                    3..=4 => '0',
                    _ => char::from(b'0' + (state >> 33) as u8 % 10),
                }
            })
            .collect();
        Natural::parse(text.as_bytes())
    };
    for round in 0..3000 {
        let mut work = Work::new();
        let (left, right) = (random(1 + round % 90), random(1 + round % 47));
        if right.is_zero() {
            continue;
        }
        let (quotient, rest) = left.divide(&right, &mut work).unwrap();
        assert!(rest.compare(&right).is_lt());
        assert_eq!(quotient.multiply(&right, &mut work).unwrap().add(&rest), left);
        let root = left.root(&mut work).unwrap();
        assert!(root.multiply(&root, &mut work).unwrap().compare(&left).is_le());
        let above = root.add(&Natural::one());
        assert!(above.multiply(&above, &mut work).unwrap().compare(&left).is_gt());
        let (up, down) = left.shift_up(round % 31).shift_down(round % 31);
        assert!(up == left && down.is_zero());
    }
}

fn serve(arguments: &str) -> String {
    let call = format!("{{\"method\":\"tools/call\",\"params\":{{\"name\":\"calculate\",\"arguments\":{arguments}}}}}");
    tool::serve(call.as_bytes(), run).unwrap()
}

#[test]
fn calls() {
    assert!(json::parse(DESCRIPTION.as_bytes()).is_ok());
    assert_eq!(serve(r#"{"expression":"1+1"}"#), r#"{"content":[{"type":"text","text":"2"}]}"#);
    assert_eq!(serve(r#"{"expression":"2/3","scale":1.0}"#), r#"{"content":[{"type":"text","text":"0.7\n(rounded half to even to 1 digit after the point)"}]}"#);
    for (arguments, part) in [
        ("{}", "The argument expression is required."),
        (r#"{"expression":1}"#, "The argument expression must be a string, not a number."),
        (r#"{"expression":"1","scale":101}"#, "The argument scale must be an integer from 0 to 100, not 101."),
        (r#"{"expression":"1","scale":-1}"#, "from 0 to 100"),
        (r#"{"expression":"1","scale":"2"}"#, "The argument scale must be an integer, not a string."),
        (r#"{"expression":"1","x":1,"y":2}"#, "Unknown arguments: x, y. The tool takes expression, scale."),
        ("[]", "The arguments must be an object"),
    ] {
        let answer = serve(arguments);
        assert!(answer.contains(part) && answer.ends_with("\"isError\":true}"), "{answer}");
    }
    let other = br#"{"params":{"name":"other"}}"#;
    assert!(tool::serve(other, run).unwrap().contains("There is no tool other here"));
    for broken in ["", "{", "{}", r#"{"params":{}}"#, r#"{"method":"x","params":{"name":"calculate"}}"#] {
        assert!(tool::serve(broken.as_bytes(), run).is_err(), "{broken}");
    }
}
