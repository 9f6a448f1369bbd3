/* The registers and their columns as the server describes them: lists and forms are made from this. */
import { shallowRef } from "vue";
import { api, type Column, type Lang, type Register } from "@/api";

export const registers = shallowRef<Register[]>([]);
let asked: Promise<void> | null = null;

export function ensureRegisters(): Promise<void> {
  asked ??= api.registers().then((answer) => { registers.value = answer.registers; }, (error: unknown) => { asked = null; throw error; });
  return asked;
}
export function forgetRegisters(): void { asked = null; registers.value = []; }
export const registerOf = (name: string): Register | undefined => registers.value.find((one) => one.name === name);
export const columnOf = (register: string, column: string): Column | undefined => registerOf(register)?.columns.find((one) => one.name === column);
export const labelIn = (of: { label_zh: string; label_en: string }, lang: Lang): string => (lang === "zh" ? of.label_zh : of.label_en);
