/* The parts of Element Plus that the pages use, registered one by one: sub-components too, for app.use() forgets them.
 * Each comes from its own folder: the package's index would bring all eighty. */
import type { App } from "vue";
import { ElConfigProvider } from "element-plus/es/components/config-provider/index";
import { ElDialog } from "element-plus/es/components/dialog/index";
import { ElDrawer } from "element-plus/es/components/drawer/index";
import { ElDropdown, ElDropdownItem, ElDropdownMenu } from "element-plus/es/components/dropdown/index";
import { ElProgress } from "element-plus/es/components/progress/index";
import { ElOption, ElSelect } from "element-plus/es/components/select/index";
import { ElSwitch } from "element-plus/es/components/switch/index";
import { ElTabPane, ElTabs } from "element-plus/es/components/tabs/index";
import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "element-plus/theme-chalk/el-dialog.css";
import "element-plus/theme-chalk/el-drawer.css";
import "element-plus/theme-chalk/el-dropdown.css";
import "element-plus/theme-chalk/el-dropdown-item.css";
import "element-plus/theme-chalk/el-dropdown-menu.css";
import "element-plus/theme-chalk/el-message.css";
import "element-plus/theme-chalk/el-option.css";
import "element-plus/theme-chalk/el-overlay.css";
import "element-plus/theme-chalk/el-popper.css";
import "element-plus/theme-chalk/el-progress.css";
import "element-plus/theme-chalk/el-scrollbar.css";
import "element-plus/theme-chalk/el-select.css";
import "element-plus/theme-chalk/el-select-dropdown.css";
import "element-plus/theme-chalk/el-switch.css";
import "element-plus/theme-chalk/el-tab-pane.css";
import "element-plus/theme-chalk/el-tabs.css";
import "element-plus/theme-chalk/el-tag.css";
import "element-plus/theme-chalk/el-tooltip.css";

const PARTS = { ElConfigProvider, ElDialog, ElDrawer, ElDropdown, ElDropdownItem, ElDropdownMenu, ElOption, ElProgress, ElSelect, ElSwitch, ElTabPane, ElTabs };

export function installElement(app: App): void {
  for (const [name, part] of Object.entries(PARTS)) app.component(name, part);
}
