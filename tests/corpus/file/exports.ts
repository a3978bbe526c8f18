// expect file: export_count=15

export const one = 1, two = 2;
// expect: lines=1
export function three() {}
export class Four {}
export type Five = string;
export interface Six {}
export enum Seven { A }
export namespace Eight { export const inner = 1; }
export declare const nine: number;
export abstract class Ten {}
const eleven = 1;
export { eleven, eleven as twelve };
export type { Five as Thirteen };
export * from "a";
export * as fourteen from "a";
export {};
export default eleven;
import { notAnExport } from "a";
