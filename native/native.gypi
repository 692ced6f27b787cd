{
  "variables": {
    "hf_napi_version": "8",
    "hf_core_sources": [
      "native/address_keeper.cpp",
      "native/advertiser.cpp",
      "native/announcer.cpp",
      "native/hearing.cpp",
      "native/interface_table.cpp",
      "native/net/advert_socket.cpp",
      "native/net/kernel_listener.cpp",
      "native/net/netlink.cpp",
      "native/net/netlink_facts.cpp",
      "native/net/sender.cpp",
      "native/outbox.cpp",
      "native/plane.cpp",
      "native/processes.cpp",
      "native/processes_census.cpp",
      "native/processes_connector.cpp",
      "native/processes_event.cpp",
      "native/processes_life.cpp",
      "native/processes_match.cpp",
      "native/standing_orders.cpp",
      "native/standing_orders_due.cpp",
      "native/standing_orders_heard.cpp",
      "native/wire/arp.cpp",
      "native/wire/auth.cpp",
      "native/wire/ip_address.cpp",
      "native/wire/ip_header.cpp",
      "native/wire/md5.cpp",
      "native/wire/ndisc.cpp",
      "native/wire/sha256.cpp",
      "native/wire/vrrp.cpp"
    ],
    "hf_addon_sources": [
      "native/addon.cpp",
      "native/convert.cpp",
      "native/orders_binding.cpp",
      "native/plane_binding.cpp",
      "native/processes_binding.cpp"
    ],
    "hf_defines": ["NAPI_DISABLE_CPP_EXCEPTIONS", "NODE_ADDON_API_REQUIRE_BASIC_FINALIZERS", "NODE_ADDON_API_ENABLE_TYPE_CHECK_ON_AS",
                   "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
    "hf_cflags": ["-std=c++20", "-O2", "-g1", "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Wformat=2", "-Werror",
                  "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden", "-fstack-protector-strong", "-fstack-clash-protection",
                  "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-D_GLIBCXX_ASSERTIONS"],
    "hf_ldflags": ["-Wl,-z,relro", "-Wl,-z,now", "-Wl,-z,noexecstack", "-Wl,--as-needed"]
  }
}
