// As much JSON as the servlet needs: the strings of an object, and strings of its own.

/** The first string of that name, wherever in the text it is; empty where there is none. */
export function field(json: string, name: string): string {
  const start = json.indexOf('"' + name + '":"');
  let value = "";
  if (start < 0) return value;
  for (let i = start + name.length + 4; i < json.length && json.charAt(i) != '"'; i++) {
    if (json.charAt(i) != "\\") {
      value += json.charAt(i);
      continue;
    }
    i++;
    const escape = json.charAt(i);
    if (escape == "u") {
      value += String.fromCharCode(<i32>parseInt(json.substr(i + 1, 4), 16));
      i += 4;
    } else {
      const known = "bfnrt".indexOf(escape);
      value += known < 0 ? escape : "\b\f\n\r\t".charAt(known);
    }
  }
  return value;
}

/** A string as JSON has it. */
export function quoted(value: string): string {
  let json = '"';
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit < 0x20) {
      json += "\\u" + unit.toString(16).padStart(4, "0");
    } else {
      if (unit == 0x22 || unit == 0x5c) json += "\\";
      json += value.charAt(i);
    }
  }
  return json + '"';
}
