// Runs before the first paint: chosen colours, else those of the system.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const choice = localStorage.getItem("overflight.theme") ?? "auto";
    const dark = choice === "dark" || (choice === "auto" && system.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    document.documentElement.dataset.themeChoice = choice;
  };
  system.addEventListener("change", paint);
  addEventListener("overflight:theme", paint);
  paint();
})();
