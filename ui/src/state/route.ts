/* The id in a page's address. It stays while the page gives way to another that has an id of its own: a page about to go asks for nothing. */
import { ref, watch, type Ref } from "vue";
import { useRoute } from "vue-router";

export function useRouteId(): Ref<string> {
  const route = useRoute(), own = route.matched[0]?.path, id = ref(String(route.params.id));
  watch(() => [route.matched[0]?.path, route.params.id], ([path, now]) => { if (path === own) id.value = String(now); });
  return id;
}
