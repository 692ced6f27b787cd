{
  "includes": ["native/native.gypi"],
  "targets": [{
    "target_name": "holdfast",
    "sources": ["<@(hf_core_sources)", "<@(hf_addon_sources)"],
    "include_dirs": ["native"],
    "defines": ["NAPI_VERSION=<(hf_napi_version)", "<@(hf_defines)"],
    "cflags_cc": ["<@(hf_cflags)", "-isystem", "<!(node -p \"require('path').dirname(require.resolve('node-addon-api'))\")"],
    "ldflags": ["<@(hf_ldflags)"]
  }]
}
