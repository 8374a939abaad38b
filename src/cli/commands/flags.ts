/** Flags that several commands share, and how their values are read. */
import { type Command, InvalidArgumentError, Option } from 'commander';

export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

export function share(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= minimum && value <= maximum)) {
      throw new InvalidArgumentError(`It must be a number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

function triple(text: string): [number, number, number] {
  const values = text.split(',').map(Number);
  if (values.length !== 3 || values.some((value) => !Number.isFinite(value))) {
    throw new InvalidArgumentError('It must be three numbers with commas, such as 0.485,0.456,0.406.');
  }
  return values as [number, number, number];
}

function side(text: string): number | 'squash' {
  return text === 'squash' ? text : wholeNumber(8, 4096)(text);
}

export interface DatasetFlags {
  readonly labels?: string;
  readonly groupBy?: string;
  readonly allowLeakage?: boolean;
}

export function addDatasetFlags(command: Command): void {
  command
    .optionsGroup('Data set:')
    .option('--labels <file>', 'CSV with path, label and, if you like, split and group, instead of folders per class')
    .option(
      '--group-by <pattern>',
      'regular expression over file names: pictures with the same match stay in one split',
    )
    .option('--allow-leakage', 'go on although a picture is in two splits');
}

export interface BackboneFlags {
  readonly backbone?: string;
  readonly features?: string;
  readonly weights?: string;
  readonly device: string;
  readonly size?: number;
  readonly resize?: number | 'squash';
  readonly mean?: [number, number, number];
  readonly std?: [number, number, number];
  readonly interpolation?: 'bilinear' | 'bicubic';
}

export function addBackboneFlags(command: Command): void {
  command
    .optionsGroup('Backbone:')
    .option('--backbone <name>', 'resnet18|34|50|101|152[:v1|:v2], onnx:FILE or scatter (default: resnet50)')
    .option('--weights <file>', 'safetensors file with torchvision keys, instead of the download')
    .option('--features <tensor>', 'the feature output of an onnx:FILE, where its name does not tell')
    .option('--device <device>', 'where to compute', 'cpu')
    .option('--size <pixels>', 'side of the square input', wholeNumber(8, 4096))
    .option('--resize <pixels>', 'shorter side before the centre crop, or "squash"', side)
    .option('--mean <r,g,b>', 'normalisation, of pixel ÷ 255', triple)
    .option('--std <r,g,b>', 'normalisation, of pixel ÷ 255', triple)
    .addOption(new Option('--interpolation <kind>', 'how pictures are scaled').choices(['bilinear', 'bicubic']));
}

export interface WorkFlags {
  readonly workers?: number;
  readonly strict?: boolean;
}

export function addWorkFlags(command: Command): void {
  command
    .optionsGroup('Work:')
    .option('--workers <n>', 'processes that decode and run the backbone (default: one per core)', wholeNumber(1, 256))
    .option('--strict', 'stop at the first picture that cannot be used, instead of skipping it');
}
