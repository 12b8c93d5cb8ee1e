// Writes a module with a function for each SIMD instruction, and, once that is assembled, what V8
// computes by them: `node instructions.mjs wat`, `node instructions.mjs results <module>`.
import {readFileSync} from 'node:fs';

const INPUTS = 16;
const words = (text) => text.trim().split(/\s+/);
const shapes = {i8x16: 16, i16x8: 8, i32x4: 4, i64x2: 2, f32x4: 4, f64x2: 2};
const of = (shape, names) => words(names).map((name) => `${shape}.${name}`);
const compare = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const floats = 'add sub mul div min max pmin pmax eq ne lt gt le ge';

const binary = [
  ...words('v128.and v128.andnot v128.or v128.xor i8x16.swizzle i8x16.avgr_u i16x8.avgr_u'),
  ...words('i16x8.mul i32x4.mul i64x2.mul i16x8.q15mulr_sat_s i32x4.dot_i16x8_s'),
  ...['i8x16', 'i16x8', 'i32x4'].flatMap((s) => of(s, `${compare} min_s min_u max_s max_u`)),
  ...['i8x16', 'i16x8', 'i32x4', 'i64x2'].flatMap((s) => of(s, 'add sub')),
  ...['i8x16', 'i16x8'].flatMap((s) => of(s, 'add_sat_s add_sat_u sub_sat_s sub_sat_u')),
  ...of('i64x2', 'eq ne lt_s gt_s le_s ge_s'),
  ...of('i8x16', 'narrow_i16x8_s narrow_i16x8_u'),
  ...of('i16x8', 'narrow_i32x4_s narrow_i32x4_u'),
  ...['i16x8 i8x16', 'i32x4 i16x8', 'i64x2 i32x4'].flatMap((pair) => {
    const [wide, narrow] = words(pair);
    return of(wide, ['low', 'high'].map((h) => `extmul_${h}_${narrow}_s extmul_${h}_${narrow}_u`).join(' '));
  }),
  ...['f32x4', 'f64x2'].flatMap((s) => of(s, floats)),
];
const unary = [
  ...words('v128.not i8x16.popcnt f32x4.demote_f64x2_zero f64x2.promote_low_f32x4'),
  ...['i8x16', 'i16x8', 'i32x4', 'i64x2'].flatMap((s) => of(s, 'abs neg')),
  ...['f32x4', 'f64x2'].flatMap((s) => of(s, 'abs neg sqrt ceil floor trunc nearest')),
  ...of('i16x8', 'extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u'),
  ...of('i32x4', 'extadd_pairwise_i16x8_s extadd_pairwise_i16x8_u'),
  ...['i16x8 i8x16', 'i32x4 i16x8', 'i64x2 i32x4'].flatMap((pair) => {
    const [wide, narrow] = words(pair);
    return of(wide, ['low', 'high'].map((h) => `extend_${h}_${narrow}_s extend_${h}_${narrow}_u`).join(' '));
  }),
  ...of('i32x4', 'trunc_sat_f32x4_s trunc_sat_f32x4_u trunc_sat_f64x2_s_zero trunc_sat_f64x2_u_zero'),
  ...words('f32x4.convert_i32x4_s f32x4.convert_i32x4_u f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u'),
];
const shifts = ['i8x16', 'i16x8', 'i32x4', 'i64x2'].flatMap((s) => of(s, 'shl shr_s shr_u'));
const tests = ['i8x16', 'i16x8', 'i32x4', 'i64x2'].flatMap((s) => of(s, 'all_true bitmask')).concat('v128.any_true');
const loads = words(`v128.load v128.load8x8_s v128.load8x8_u v128.load16x4_s v128.load16x4_u
  v128.load32x2_s v128.load32x2_u v128.load8_splat v128.load16_splat v128.load32_splat
  v128.load64_splat v128.load32_zero v128.load64_zero`);
const shuffles = ['0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15', '16 17 18 19 4 5 6 7 24 25 26 27 12 13 14 15',
  '31 30 29 28 27 26 25 24 7 6 5 4 3 2 1 0', '5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20',
  '0 0 0 0 31 31 31 31 1 3 5 7 9 11 13 15', '8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7'];

const first = '(v128.load (i32.mul (local.get $i) (i32.const 16)))';
const second = '(v128.load (i32.mul (local.get $j) (i32.const 16)))';
const byte = '(i32.load8_u (i32.mul (local.get $j) (i32.const 16)))';
// The bits of a NaN that is computed are not defined.
const defined = (name, value) => {
  const shape = name.slice(0, 5);
  return !/^f/.test(shape) || /\.(abs|neg|pmin|pmax)/.test(name) ? value :
    `(v128.bitselect (v128.const i64x2 0 0) (local.tee $r ${value}) (${shape}.ne (local.get $r) (local.get $r)))`;
};
const number = (shape, value) => ({i: (v) => shape === 'i64x2' ? v : `(i64.extend_i32_u ${v})`,
  f: (v) => shape === 'f32x4' ? `(i64.extend_i32_u (i32.reinterpret_f32 ${v}))` : `(i64.reinterpret_f64 ${v})`})[shape[0]](value);
const scalar = (shape) => ({i8x16: byte, i16x8: byte, i32x4: byte, i64x2: `(i64.extend_i32_u ${byte})`,
  f32x4: `(f32.convert_i32_u ${byte})`, f64x2: `(f64.convert_i32_u ${byte})`})[shape];

const functions = new Map();
const vector = (name, value) => functions.set(name, `(call $mix ${value})`);
const integer = (name, value) => functions.set(name, `(call $mix (i64x2.splat ${value}))`);
binary.forEach((name) => vector(name, defined(name, `(${name} ${first} ${second})`)));
unary.forEach((name) => vector(name, defined(name, `(${name} ${first})`)));
shifts.forEach((name) => vector(name, `(${name} ${first} ${byte})`));
tests.forEach((name) => integer(name, `(i64.extend_i32_u (${name} ${first}))`));
loads.forEach((name) => vector(name, `(${name} offset=3 (i32.mul (local.get $i) (i32.const 5)))`));
shuffles.forEach((lanes, i) => vector(`i8x16.shuffle ${i}`, `(i8x16.shuffle ${lanes} ${first} ${second})`));
vector('v128.bitselect', `(v128.bitselect ${first} ${second} (i64x2.add ${first} ${second}))`);
vector('v128.const', '(v128.const i32x4 0x01234567 0x89abcdef 0xfedcba98 0x76543210)');
vector('v128.store', `(block (result v128) (v128.store offset=1000 (local.get $i) ${first}) (v128.load offset=1000 (local.get $i)))`);
for (const [shape, lanes] of Object.entries(shapes)) {
  vector(`${shape}.splat`, `(${shape}.splat ${scalar(shape)})`);
  for (let lane = 0; lane < lanes; lane++) {
    const signs = lanes > 4 ? ['_s', '_u'] : [''];
    signs.forEach((sign) => integer(`${shape}.extract_lane${sign} ${lane}`, number(shape, `(${shape}.extract_lane${sign} ${lane} ${first})`)));
    vector(`${shape}.replace_lane ${lane}`, `(${shape}.replace_lane ${lane} ${first} ${scalar(shape)})`);
    if (shape[0] === 'i') {
      const width = 128 / lanes;
      vector(`v128.load${width}_lane ${lane}`, `(v128.load${width}_lane offset=9 ${lane} (local.get $j) ${first})`);
      vector(`v128.store${width}_lane ${lane}`, `(block (result v128) (v128.store offset=1000 (i32.const 0) ${second})
        (v128.store${width}_lane offset=1000 ${lane} (i32.const 2) ${first}) (v128.load offset=1000 (i32.const 0)))`);
    }
  }
}
// What is not of SIMD, but moves vectors.
vector('select', `(select ${first} ${second} (i32.and (local.get $j) (i32.const 1)))`);
vector('select with type', `(select (result v128) ${first} ${second} (i32.and (local.get $j) (i32.const 1)))`);
vector('drop', `(block (result v128) ${first} (drop ${second}))`);
vector('local.set', `(block (result v128) (local.set $r ${first}) (local.get $r))`);
vector('global.set', `(block (result v128) (i64x2.add (global.get $v) ${first}) (global.set $v ${second}))`);
vector('call', `(call $swap ${first} ${second})`);
vector('call_indirect', `(call_indirect (type $two) ${first} ${second} (i32.const 0))`);
vector('br', `(block $b (result v128) (br_if $b ${first} (local.get $j)) (drop) (br $b ${second}) (drop (i8x16.abs)) (unreachable))`);
vector('if', `(if (result v128) (local.get $j) (then ${first}) (else ${second}))`);
vector('block with parameters', `${first} ${second} (block (param v128 v128) (result v128) (i64x2.sub))`);

if (process.argv[2] === 'wat') {
  const values = [];
  const view = new DataView(new ArrayBuffer(16));
  const numbers = [0, -0, 1, -1.5, 2.5, 1e10, -1e10, 3e38, -Infinity, Infinity, 1e-40, 255.5, 65535.5, -32768.5, 2147483647, 4294967295];
  let seed = 1;
  for (let i = 0; i < INPUTS; i++) {
    for (let at = 0; at < 16; at++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      view.setUint8(at, i === 0 ? 0 : i === 1 ? 0x80 : i === 2 ? 0xFF : i === 3 ? 0x7F : seed >>> 16 & 0xFF);
    }
    for (let lane = 0; i >= 4 && i < 8 && lane < 4; lane++) view.setFloat32(lane * 4, numbers[(i - 4) * 4 + lane], true);
    for (let lane = 0; i >= 8 && i < 14 && lane < 2; lane++) view.setFloat64(lane * 8, numbers[(i - 8) * 2 + lane + 4], true);
    for (let at = 0; at < 16; at++) values.push('\\' + view.getUint8(at).toString(16).padStart(2, '0'));
  }
  console.log(`(module (memory 1) (data (i32.const 0) "${values.join('')}")
    (global $sum (mut i64) (i64.const 0)) (global $v (mut v128) (v128.const i64x2 1 2)) (table funcref (elem $swap))
    (type $two (func (param v128 v128) (result v128)))
    (func $swap (type $two) (i64x2.sub (local.get 1) (local.get 0)))
    (func $mix (param $x v128)
      (global.set $sum (i64.add (i64.mul (global.get $sum) (i64.const 6364136223846793005)) (i64x2.extract_lane 0 (local.get $x))))
      (global.set $sum (i64.add (i64.mul (global.get $sum) (i64.const 6364136223846793005)) (i64x2.extract_lane 1 (local.get $x)))))`);
  for (const [name, body] of functions) {
    console.log(`(func (export "${name}") (result i64) (local $i i32) (local $j i32) (local $r v128)
      (global.set $sum (i64.const 1))
      (loop $outer (local.set $j (i32.const 0))
        (loop $inner ${body}
          (br_if $inner (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (i32.const ${INPUTS}))))
        (br_if $outer (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${INPUTS}))))
      (global.get $sum))`);
  }
  console.log(')');
} else {
  const {instance} = await WebAssembly.instantiate(readFileSync(process.argv[3]));
  for (const name of functions.keys()) {
    console.log(`${BigInt.asUintN(64, instance.exports[name]()).toString(16).padStart(16, '0')} ${name}`);
  }
}
