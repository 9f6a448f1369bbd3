import { createApp } from "vue";
import { ElMessage } from "element-plus/es/components/message/index";
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
/* A page that was never open is a file to be fetched: without a line it cannot come, and that is said. */
router.onError(() => { ElMessage({ type: "error", message: i18n.global.t("fault.http_offline") }); });
app.use(i18n).use(router).mount("#app");
