import { createApp } from 'vue';
import 'cloze-models';
import 'cloze/elements/fill-mask';
import App from './App.vue';

createApp(App).mount('#root');
