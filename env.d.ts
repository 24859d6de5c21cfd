/** Whittle's version, from package.json. */
declare const __APP_VERSION__: string;
/** The version of onnxruntime-web that this build ships. */
declare const __ORT_VERSION__: string;
