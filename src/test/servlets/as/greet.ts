// A servlet by Extism's kit for AssemblyScript.
import { Config, Host } from '@extism/as-pdk';

// The kit's outputString counts characters instead of bytes, and cuts off what is not ASCII.
function answer(text: string): i32 {
  Host.output(Uint8Array.wrap(String.UTF8.encode(text)));
  return 0;
}

export function describe(): i32 {
  return answer('{"tools":[{"name":"greet","description":"Greets.","inputSchema":{"type":"object"}}]}');
}

export function call(): i32 {
  const greeting = Config.get('greeting');
  const length = Host.inputString().length;
  return answer(`{"content":[{"type":"text","text":"${greeting ? greeting : 'Hello'}, ${length}"}]}`);
}
