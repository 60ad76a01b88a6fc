// How the client is made: plain modules that Node.js runs after compiling.
export default {
  input: "schema.json",
  output: { path: "client", module: { extension: ".js" } },
  plugins: ["@hey-api/client-fetch", "@hey-api/sdk", "@hey-api/typescript"],
};
