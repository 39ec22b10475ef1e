// Follows links of our own pages inside the running session, as the browser's back button does; without this script
// the same links work and only load the page anew.
if (!window.owedLinks) {
  window.owedLinks = true;
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest(".stHtml a[href]") : null;
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const target = new URL(link.href, document.baseURI);
    if (target.origin !== location.origin) return;
    event.preventDefault();
    const samePage = target.pathname === location.pathname;
    history.pushState({}, "", target);
    window.dispatchEvent(new PopStateEvent("popstate"));
    if (!samePage) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  });

  // A login comes back to the first page: the address that was asked for before it is taken up again.
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest(".st-key-login button");
    if (button) sessionStorage.setItem("owedAsked", location.href);
  }, true);
  const asked = sessionStorage.getItem("owedAsked");
  sessionStorage.removeItem("owedAsked");
  if (asked && asked !== location.href) {
    history.replaceState({}, "", asked);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }

  // On a phone the menu lies over the page: it closes once a page was chosen.
  document.addEventListener("click", (event) => {
    const chosen = event.target instanceof Element && event.target.closest('[data-testid="stSidebar"] a[href]');
    if (chosen && window.innerWidth <= 768) {
      document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
    }
  });
}
