import { createApp } from "vue";
import { whenExpired } from "@/api";
import App from "@/App.vue";
import { installElement } from "@/element";
import { router } from "@/router";
import { expire } from "@/state/session";
import { i18n } from "@/words/i18n";
import "@/styles/tokens.css";
import "@/styles/base.css";
import "@/styles/element.css";

const app = createApp(App);
installElement(app);
whenExpired(() => {
  expire();
  const here = router.currentRoute.value;
  if (!here.meta.open) void router.replace({ path: "/login", query: { to: here.fullPath } });
});
app.use(i18n).use(router).mount("#app");
